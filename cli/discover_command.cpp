#include "cli/discover_command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "cli/command.h"
#include "cli/discover_output.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "core/doctor/discovery.h"
#include "core/names/email.h"
#include "core/names/names.h"
#include "core/platform/file.h"

namespace maildoctor::cli {
namespace {

constexpr std::size_t file_limit = 64U << 20U;  // octets; a document above 1 MiB is a fault of the document

constexpr const char* examples =
    "Examples:\n"
    "  maildoctor discover you@example.org\n"
    "      What is published for this account, where, and whether it works.\n"
    "  maildoctor discover you@example.org --document autoconfig:config-v1.1.xml\n"
    "      What mail programs will read in this file, and which of them throw it away.\n"
    "  maildoctor discover you@example.org --document mobileconfig:mail.mobileconfig --format json\n"
    "      The same for an Apple profile, for other programs to read.\n"
    "  maildoctor discover you@example.org --plan --like thunderbird\n"
    "      Where Thunderbird would look, in its order. Asks nobody.\n"
    "\n"
    "Exit status: 0 settings that work were found, 1 a source or a published server is\n"
    "faulty, 3 nothing was found. With --document: 0 no program throws the file away, 1 at least one does.";

struct DiscoverArguments {
    std::string email, document, like, mx, format = "text", protocol, security, port;
    std::string timeout = "45", ca_file, trust_anchor;
    std::vector<std::string> resolvers;
    bool plan{false}, https_only{false}, no_address{false}, no_third_party{false}, allow_local{false};
};

/// "autoconfig:FILE" in two parts.
std::pair<DocumentFormat, std::string> read_document_option(const std::string& text) {
    constexpr std::array<std::pair<std::string_view, DocumentFormat>, 4> formats = {
        {{"autoconfig:", DocumentFormat::autoconfig},
         {"autodiscover:", DocumentFormat::autodiscover},
         {"mobileconfig:", DocumentFormat::mobileconfig},
         {"pacc:", DocumentFormat::pacc}}};
    for (const auto& [prefix, format] : formats) {
        if (text.starts_with(prefix) && text.size() > prefix.size())
            return {format, text.substr(prefix.size())};
    }
    throw UsageError("--document: give autoconfig:FILE, autodiscover:FILE, mobileconfig:FILE or pacc:FILE");
}

LookupStyle read_style(const std::string& text) {
    if (text.empty()) return LookupStyle::own;
    if (text == "thunderbird") return LookupStyle::thunderbird;
    if (text == "k9") return LookupStyle::k9;
    if (text == "deltachat") return LookupStyle::deltachat;
    throw UsageError("--like: '" + text + "' is not one of thunderbird, k9 or deltachat");
}

LookupOptions read_lookup_options(const DiscoverArguments& typed) {
    LookupOptions options{.style = read_style(typed.like),
                          .https_only = typed.https_only,
                          .include_address = !typed.no_address,
                          .third_parties = !typed.no_third_party};
    if (!typed.mx.empty()) {
        auto host = names::to_host_name(typed.mx);
        if (!host) throw UsageError("--mx: " + host.error().text);
        options.mx = std::move(*host);
    }
    if (!typed.protocol.empty()) {
        options.protocol = protocol_from(typed.protocol);
        if (!options.protocol)
            throw UsageError("--protocol: '" + typed.protocol + "' is not imap, pop3 or smtp");
    }
    if (!typed.security.empty()) {
        options.security = security_from(typed.security);
        if (!options.security)
            throw UsageError("--security: '" + typed.security + "' is not tls, starttls or none");
    }
    if (!typed.port.empty()) {
        options.port = Port::from(typed.port);
        if (!options.port) throw UsageError("--port: '" + typed.port + "' is not a port from 1 to 65535");
    }
    return options;
}

void refuse_misplaced(const DiscoverArguments& typed) {
    if (typed.plan) return;
    for (const auto& [given, name] : {std::pair(!typed.like.empty(), "--like"),
                                      {!typed.mx.empty(), "--mx"},
                                      {typed.https_only, "--https-only"},
                                      {typed.no_address, "--no-address"},
                                      {!typed.protocol.empty(), "--protocol"},
                                      {!typed.security.empty(), "--security"},
                                      {!typed.port.empty(), "--port"}})
        if (given) throw UsageError(std::string(name) + " belongs to --plan");
}

doctor::Options read_options(const DiscoverArguments& typed) {
    doctor::Options options{.resolvers = typed.resolvers,
                            .ca_file = typed.ca_file,
                            .trust_anchor = typed.trust_anchor,
                            .allow_local = typed.allow_local,
                            .third_parties = !typed.no_third_party};
    double seconds = 0;
    const char* const end = typed.timeout.data() + typed.timeout.size();
    const auto [stop, error] = std::from_chars(typed.timeout.data(), end, seconds);
    if (error != std::errc{} || stop != end || !(seconds >= 0.1 && seconds <= 3600))
        throw UsageError("--timeout: '" + typed.timeout + "' is not a number of seconds from 0.1 to 3600");
    options.timeout = std::chrono::milliseconds(static_cast<int>(seconds * 1000));
    for (const auto& [path, name] :
         {std::pair(&typed.ca_file, "--ca-file"), {&typed.trust_anchor, "--trust-anchor"}}) {
        if (path->empty()) continue;
        if (const auto bytes = platform::read_file(*path, file_limit); !bytes)
            throw UsageError(std::string(name) + ": " + bytes.error());
    }
    return options;
}

ExitStatus status_of(const Discovery& found) {
    const auto bad = [](const ServerSetting& server) { return server.works == false; };
    const auto faulty = [](const SourceAnswer& answer) {
        return !answer.third_party && answer.outcome == SourceAnswer::Outcome::faulty;
    };
    const Settings& settings = found.settings;
    if (std::ranges::any_of(found.sources, faulty) || std::ranges::any_of(settings.incoming, bad) ||
        std::ranges::any_of(settings.outgoing, bad))
        return ExitStatus::problem;
    return settings.incoming.empty() && settings.outgoing.empty() ? ExitStatus::inconclusive : ExitStatus::ok;
}

ExitStatus search(const EmailAddress& email, const DiscoverArguments& typed, bool json) {
    auto run = doctor::start_discovery(email, read_options(typed));
    if (!run) throw UsageError(run.error().line);
    Discovery found;
    bool cancelled = false;
    {
        const Interrupt interrupt([&run] { (*run)->cancel(); });
        found = (*run)->wait();
        cancelled = Interrupt::came();
    }
    write_output(json ? discovery_json(email, found)
                      : discovery_text(email, found, text_style(Colour::never, 0, "en", false).width));
    return cancelled ? ExitStatus::inconclusive : status_of(found);
}

ExitStatus discover(const DiscoverArguments& typed) {
    const auto email = names::parse_email(typed.email);
    if (!email) throw UsageError("'" + typed.email + "': " + email.error());
    if (typed.format != "text" && typed.format != "json")
        throw UsageError("--format: '" + typed.format + "' is not one of text or json");
    const bool json = typed.format == "json";
    if (typed.plan && !typed.document.empty())
        throw UsageError("--plan and --document exclude each other: give one");
    refuse_misplaced(typed);
    if (typed.plan) {
        const LookupPlan plan = doctor::plan_lookup(*email, read_lookup_options(typed));
        write_output(json ? plan_json(plan) : plan_text(plan));
        return ExitStatus::ok;
    }
    if (typed.document.empty()) return search(*email, typed, json);
    const auto [format, path] = read_document_option(typed.document);
    const auto bytes = platform::read_file(path, file_limit);
    if (!bytes) throw UsageError("--document: " + bytes.error());
    const PublishedDocument document = doctor::read_document(format, *bytes, *email);
    const auto style = text_style(Colour::never, 0, "en", false);
    write_output(json ? document_json(document) : document_text(document, style.width));
    return document.is_dropped() ? ExitStatus::problem : ExitStatus::ok;
}

}  // namespace

void add_discover_command(CLI::App& app, int& status) {
    const auto typed = std::make_shared<DiscoverArguments>();
    CLI::App* const command = app.add_subcommand(
        "discover", "Find the settings that a provider publishes, and what is wrong with them");
    command->footer(examples);
    command->add_option("EMAIL", typed->email, "The e-mail address of the account")
        ->type_name("")
        ->required();
    const auto text = [&](const char* name, std::string& value, const char* shown, const char* help) {
        command->add_option(name, value, help)->option_text(shown);
    };
    text("--document", typed->document, "KIND:FILE",
         "Read one document from a file instead of the network; KIND is autoconfig, autodiscover, "
         "mobileconfig or pacc");
    command->add_flag("--plan", typed->plan, "Show what would be asked, in order; asks nobody");
    text("--like", typed->like, "PROGRAM", "--plan: the order of thunderbird, k9 or deltachat");
    text("--mx", typed->mx, "HOST", "--plan: the MX host of the domain");
    command->add_flag("--https-only", typed->https_only, "--plan: nothing over plain HTTP");
    command->add_flag("--no-address", typed->no_address,
                      "--plan: without the e-mail address in what is asked");
    text("--protocol", typed->protocol, "NAME", "--plan: guess ports for imap, pop3 or smtp only");
    text("--security", typed->security, "MODE", "--plan: guess ports with tls, starttls or none only");
    text("--port", typed->port, "N", "--plan: guess this port instead of the usual ones");
    command->add_flag("--no-third-party", typed->no_third_party,
                      "Ask the domain's own servers only, not the central database nor the MX host's domain");
    text("--format", typed->format, "FORMAT", "text or json");
    text("--timeout", typed->timeout, "SECONDS", "For the whole search; 45 unless given");
    command
        ->add_option("--resolver", typed->resolvers,
                     "Ask this DNS server, ADDRESS or ADDRESS:PORT; may be given more than once")
        ->option_text("ADDRESS")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    text("--ca-file", typed->ca_file, "FILE",
         "Trust these certificate authorities (PEM) instead of the computer's");
    text("--trust-anchor", typed->trust_anchor, "FILE",
         "DNSSEC trust anchor (DS or DNSKEY records) instead of the root's");
    command->add_flag("--allow-local", typed->allow_local,
                      "Also ask web servers on loopback and link-local addresses");
    command->callback([typed, &status] { status = static_cast<int>(discover(*typed)); });
}

}  // namespace maildoctor::cli
