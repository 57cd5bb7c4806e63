#include "cli/validate_arguments.h"

#include <charconv>
#include <chrono>
#include <optional>

#include "cli/command.h"
#include "cli/domain_list.h"
#include "cli/nagios.h"
#include "cli/output.h"
#include "core/doctor/isp_policy.h"
#include "core/platform/file.h"

namespace maildoctor::cli {
namespace {

constexpr std::size_t file_limit = 64U << 20U;  // octets of a file of certificates or keys

constexpr const char* examples =
    "Examples:\n"
    "  maildoctor validate example.org\n"
    "      Does everything that example.org publishes for mail programs work?\n"
    "  maildoctor validate example.org --format html > report.html\n"
    "      The same as a page to keep or to send.\n"
    "  maildoctor validate example.org --connections 10\n"
    "      Finds the one bad machine behind a name.\n"
    "  maildoctor validate --domains domains.txt --format jsonl --output night.jsonl\n"
    "      A list of domains; after an interruption the same with --resume goes on.\n"
    "  maildoctor validate example.org --policy policy.toml\n"
    "      And does it meet what you demand? Each line passes or fails.\n"
    "\n"
    "Exit status: 0 everything that is published works, 1 a problem was found,\n"
    "3 nothing could be concluded. Nobody is ever logged in.";

template <class Number>
std::optional<Number> number_in(const std::string& text, Number least, Number most) {
    Number value{};
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stop != end || !(value >= least && value <= most)) return std::nullopt;
    return value;
}

EmailAddress read_account(const std::string& text) {
    std::string why;
    auto account = account_from(text, why);
    if (!account) throw UsageError("'" + text + "': " + why);
    return std::move(*account);
}

template <class Number>
Number read_number(const std::string& text, const char* option, Number least, Number most) {
    if (const auto value = number_in<Number>(text, least, most)) return *value;
    throw UsageError(std::string(option) + ": '" + text + "' is not a number from " + std::to_string(least) +
                     " to " + std::to_string(most));
}

std::shared_ptr<const IspPolicy> read_policy(const std::string& path) {
    constexpr std::size_t limit = 1U << 20U;
    if (path.empty()) return nullptr;
    const auto bytes = platform::read_file(path, limit);
    if (!bytes) throw UsageError("--policy: " + bytes.error());
    auto policy = doctor::read_isp_policy(*bytes, path);
    if (!policy) throw UsageError("--policy: " + policy.error());
    return std::make_shared<const IspPolicy>(std::move(*policy));
}

/// Options that only a list has.
void read_list_options(const ValidateArguments& typed, ValidateOrder& order) {
    order.list = typed.list;
    order.output = typed.output;
    order.resume = typed.resume;
    if (typed.probes != "full" && typed.probes != "reference")
        throw UsageError("--probes: '" + typed.probes + "' is not one of full or reference");
    order.options.reference_probes = typed.probes == "reference";
    if (order.options.reference_probes && order.list.empty())
        throw UsageError("--probes reference needs --domains");
    if (!order.resume) return;
    using enum report::ValidationFormat;
    if (order.list.empty() || order.output.empty()) throw UsageError("--resume needs --domains and --output");
    if (order.format != jsonl && order.format != csv)
        throw UsageError("--resume needs --format jsonl or csv");
}

void refuse_unreadable(const std::string& path, const char* option) {
    if (path.empty()) return;
    if (const auto bytes = platform::read_file(path, file_limit); !bytes)
        throw UsageError(std::string(option) + ": " + bytes.error());
}

}  // namespace

void add_validate_options(CLI::App& app, ValidateArguments& typed) {
    app.footer(examples);
    const auto text = [&](const char* name, std::string& value, const char* shown, const char* help) {
        return app.add_option(name, value, help)->option_text(shown);
    };
    app.add_option("DOMAIN", typed.domain,
                   "The domain; or an e-mail address in it, if its settings depend on the account")
        ->type_name("");
    text("--domains", typed.list, "FILE", "Validate each domain of a list, one a line; - is standard input");
    text("--output", typed.output, "FILE", "Write the results there instead of standard output");
    app.add_flag("--resume", typed.resume, "Go on where an earlier run with the same --output stopped");
    add_queue_options(app, typed.queue);
    text("--probes", typed.probes, "KIND", "full, or reference: the fixed questions that benchmarks compare");
    text("--format", typed.format, "FORMAT", "text, json, jsonl, csv, html, junit or prometheus");
    app.add_flag(nagios_option, typed.nagios, nagios_help);
    text("--store", typed.store, "FILE", "Keep this run in the file, for 'maildoctor history' and 'diff'");
    app.add_flag("-v,--verbose", typed.verbose, "Every question with its answer, and each program's way");
    text("--width", typed.width, "COLUMNS", "Width of the text; else that of the terminal");
    add_worker_options(app, typed);
}

void add_worker_options(CLI::App& app, ValidateArguments& typed) {
    const auto text = [&](const char* name, std::string& value, const char* shown, const char* help) {
        return app.add_option(name, value, help)->option_text(shown);
    };
    text("--connections", typed.connections, "N",
         "Talk N times to each server, politely one after the other, and group the answers");
    text("--policy", typed.policy, "FILE",
         "What you demand of your domains (TOML); each line passes or fails");
    app.add_option("--selector", typed.selectors,
                   "A DKIM selector that the domain uses; may be given more than once")
        ->option_text("NAME")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    text("--concurrency", typed.concurrency, "N", "Domains of a list at once; 100 unless given");
    text("--threads", typed.threads, "N", "Event loops for a list; 1 unless given");
    text("--per-server", typed.per_server, "N", "Connections to one address at once; 8 unless given");
    text("--per-second", typed.per_second, "N", "New connections to one address a second; 20 unless given");
    text("--language", typed.language, "LANG", "en or de; else the language of the environment");
    text("--timeout", typed.timeout, "SECONDS", "For each domain; 45 unless given");
    app.add_flag("--no-third-party", typed.no_third_party,
                 "Ask the domain's own servers only, not the central database nor the MX host's domain");
    app.add_option("--resolver", typed.resolvers,
                   "Ask this DNS server, ADDRESS or ADDRESS:PORT; may be given more than once")
        ->option_text("ADDRESS")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    text("--ca-file", typed.ca_file, "FILE",
         "Trust these certificate authorities (PEM) instead of the computer's");
    text("--trust-anchor", typed.trust_anchor, "FILE",
         "DNSSEC trust anchor (DS or DNSKEY records) instead of the root's");
    text("--ehlo", typed.ehlo, "NAME", "Name to greet SMTP servers with");
    app.add_flag("--no-chain-memory", typed.no_chain_memory,
                 "Verify each certificate chain anew, also one that was seen within ten minutes");
    app.add_flag("--allow-local", typed.allow_local, "Also ask servers on loopback and link-local addresses");
}

ValidateOrder read_worker_arguments(const ValidateArguments& typed) {
    ValidateOrder order;
    const auto seconds = number_in<double>(typed.timeout, 0.1, 3600);
    if (!seconds)
        throw UsageError("--timeout: '" + typed.timeout + "' is not a number of seconds from 0.1 to 3600");
    order.options = {.timeout = std::chrono::milliseconds(static_cast<int>(*seconds * 1000)),
                     .resolvers = typed.resolvers,
                     .ca_file = typed.ca_file,
                     .trust_anchor = typed.trust_anchor,
                     .ehlo_name = typed.ehlo,
                     .allow_local = typed.allow_local,
                     .third_parties = !typed.no_third_party,
                     .chain_memory = !typed.no_chain_memory};
    refuse_unreadable(typed.ca_file, "--ca-file");
    refuse_unreadable(typed.trust_anchor, "--trust-anchor");
    const int connections = read_number<int>(typed.connections, "--connections", 1, doctor::most_connections);
    order.bulk = {.concurrency = read_number<std::size_t>(typed.concurrency, "--concurrency", 1, 10000),
                  .threads = read_number<std::size_t>(typed.threads, "--threads", 1, 256),
                  .per_server = read_number<std::size_t>(typed.per_server, "--per-server", 1, 1000),
                  .per_second = read_number<std::size_t>(typed.per_second, "--per-second", 1, 10000)};
    const std::string language = typed.language.empty() ? environment_language() : typed.language;
    if (language != "en" && language != "de")
        throw UsageError("--language: '" + language + "' is not en or de");
    order.validation = {.connections = connections,
                        .language = language,
                        .selectors = typed.selectors,
                        .policy = read_policy(typed.policy)};
    return order;
}

ValidateOrder read_validate_arguments(const ValidateArguments& typed) {
    ValidateOrder order = read_worker_arguments(typed);
    if (typed.domain.empty() == typed.list.empty())
        throw UsageError(typed.domain.empty() ? "a domain is missing (or --domains FILE)"
                                              : "give a domain or --domains, not both");
    if (!typed.domain.empty()) order.account = read_account(typed.domain);
    const auto format = report::validation_format_from(typed.format);
    if (!format)
        throw UsageError("--format: '" + typed.format +
                         "' is not one of text, json, jsonl, csv, html, junit or prometheus");
    order.format = *format;
    order.store = typed.store;
    order.nagios = typed.nagios;
    if (typed.nagios && (typed.format != "text" || !typed.output.empty() || !typed.queue.address.empty()))
        throw UsageError("--nagios is a format of its own: leave --format, --output and --queue away");
    read_list_options(typed, order);
    order.queue = typed.queue;
    if (!order.queue.address.empty() && order.list.empty()) throw UsageError("--queue needs --domains");
    if (!order.queue.address.empty() && order.format != report::ValidationFormat::jsonl)
        throw UsageError("--queue gives jsonl: add --format jsonl");
    if (!order.queue.address.empty() && order.resume)
        throw UsageError("--queue and --resume exclude each other");
    std::size_t width = 0;
    if (!typed.width.empty()) {
        const auto columns = number_in<std::size_t>(typed.width, 40, 1000);
        if (!columns)
            throw UsageError("--width: '" + typed.width + "' is not a number of columns from 40 to 1000");
        width = *columns;
    }
    order.style = {.text = text_style(Colour::automatic, width, order.validation.language, typed.verbose),
                   .many = !order.list.empty()};
    return order;
}

}  // namespace maildoctor::cli
