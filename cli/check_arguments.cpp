#include "cli/check_arguments.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <iterator>

#include "cli/command.h"
#include "cli/nagios.h"
#include "core/doctor/history.h"
#include "core/model/server_url.h"
#include "core/model/text.h"
#include "core/names/email.h"
#include "core/names/names.h"
#include "core/platform/file.h"
#include "core/platform/resolver_config.h"

namespace maildoctor::cli {
namespace {

constexpr std::size_t file_limit = 16U << 20U;       // octets of a CA bundle
constexpr std::size_t error_text_limit = 1U << 20U;  // octets
constexpr double longest_timeout = 3600;             // seconds

constexpr const char* examples =
    "Examples:\n"
    "  maildoctor check you@example.org\n"
    "      What works for this account, and what does not.\n"
    "  maildoctor check you@example.org --incoming 'pop3://pop.example.org:110?security=none'\n"
    "      What is wrong with these settings, and which would work instead.\n"
    "  maildoctor check you@example.org --error-text 'Socket Error: 10060, Error Number: 0x800CCC0E'\n"
    "      Begin with the error that the mail program shows.\n"
    "  maildoctor check you@example.org --ask-password\n"
    "      Log in as well, over a safe connection only.\n"
    "  maildoctor check customer@example.org --for-someone-else --format markdown\n"
    "      A ticket about somebody else's account.";

[[noreturn]] void refuse(const std::string& line) {
    throw UsageError(line);
}

/// The number in `text`, all of it, or nothing.
template <class Number>
std::optional<Number> number_in(const std::string& text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

/// Finds `text` among `words`; the position is the enumerator's value.
template <class Enum, std::size_t N>
Enum choice(const char* option, const std::string& text, const std::array<const char*, N>& words) {
    std::string all;
    for (std::size_t i = 0; i < N; ++i) {
        if (text == words[i]) return static_cast<Enum>(i);
        all += (i == 0 ? "" : i + 1 == N ? " or " : ", ") + std::string(words[i]);
    }
    refuse(std::string(option) + ": '" + text + "' is not one of " + all);
}

std::chrono::milliseconds read_timeout(const std::string& text, int usual) {
    if (text.empty()) return std::chrono::seconds(usual);
    const auto seconds = number_in<double>(text);
    if (!seconds || !std::isfinite(*seconds) || *seconds < 0.1 || *seconds > longest_timeout)
        refuse("--timeout: '" + text + "' is not a number of seconds from 0.1 to 3600");
    return std::chrono::milliseconds(std::lround(*seconds * 1000));
}

std::size_t read_width(const std::string& text) {
    if (text.empty()) return 0;
    const auto width = number_in<std::size_t>(text);
    if (!width || *width < 40 || *width > 1000)
        refuse("--width: '" + text + "' is not a number of columns from 40 to 1000");
    return *width;
}

ServerSetting read_server(const char* option, const std::string& url, Role role) {
    auto setting = parse_server_url(url);
    if (!setting) refuse(std::string(option) + ": " + setting.error());
    if (role_of(setting->protocol) != role)
        refuse(std::string(option) + (role == Role::incoming
                                          ? ": SMTP is for sending; mail is read with imap:// or pop3://"
                                          : ": mail is sent with smtp://, not with imap:// or pop3://"));
    return std::move(*setting);
}

void require_readable(const char* option, const std::string& path) {
    if (path.empty()) return;
    if (const auto bytes = platform::read_file(path, file_limit); !bytes)
        refuse(std::string(option) + ": " + bytes.error());
}

void read_what_to_check(const CheckArguments& typed, Request& request) {
    if (!typed.email.empty()) {
        auto email = names::parse_email(typed.email);
        if (!email) refuse("'" + typed.email + "': " + email.error());
        request.email = std::move(*email);
    }
    if (!typed.incoming.empty()) request.incoming = read_server("--incoming", typed.incoming, Role::incoming);
    if (!typed.outgoing.empty()) request.outgoing = read_server("--outgoing", typed.outgoing, Role::outgoing);
    if (typed.error_text.size() > error_text_limit) refuse("--error-text: longer than 1 MiB");
    request.error_text = typed.error_text;
    if (!request.email && !request.incoming && !request.outgoing && request.error_text.empty())
        refuse("nothing to check: give an e-mail address, --incoming, --outgoing or --error-text");
    if (!typed.login.user.empty()) {
        if (request.incoming) request.incoming->username = typed.login.user;
        if (request.outgoing) request.outgoing->username = typed.login.user;
    }
    if (!typed.login.outgoing_user.empty() && request.outgoing)
        request.outgoing->username = typed.login.outgoing_user;
}

void read_circumstances(const CheckArguments& typed, Request& request) {
    const auto is_id_char = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    };
    if (typed.program.size() > 64 || !std::ranges::all_of(typed.program, is_id_char))
        refuse("--program: '" + typed.program +
               "' is not the id of a mail program, such as outlook or thunderbird");
    request.program = typed.program;
    request.for_someone_else = typed.for_someone_else;
    request.only_typed = typed.only_typed;
    request.tls_survey = choice<int>("--tls", typed.tls, std::array{"basic", "full"}) == 1;
    for (const std::string& text : typed.control_hosts) {
        auto host = names::to_host_name(text);
        if (!host) refuse("--control-host: " + host.error().text);
        request.control_hosts.push_back(std::move(*host));
    }
}

/// "30MB", "30 MiB", "31457280".
std::uint64_t read_size(const std::string& text) {
    struct Unit {
        std::string_view name;
        std::uint64_t octets;
    };
    static constexpr std::array<Unit, 11> units = {{{"", 1},
                                                    {"B", 1},
                                                    {"K", 1000},
                                                    {"KB", 1000},
                                                    {"M", 1000000},
                                                    {"MB", 1000000},
                                                    {"G", 1000000000},
                                                    {"GB", 1000000000},
                                                    {"KIB", 1024},
                                                    {"MIB", 1048576},
                                                    {"GIB", 1073741824}}};
    double value{};
    const char* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, value);
    const std::string unit = upper_case(trimmed(std::string_view(end, last)));
    const auto* const found = std::ranges::find(units, unit, &Unit::name);
    constexpr double most = 1e15;
    const double octets = found == units.end() ? 0 : value * static_cast<double>(found->octets);
    if (error != std::errc{} || !std::isfinite(octets) || octets < 1 || octets > most)
        refuse("--message-size: '" + text + "' is not a size such as 30MB");
    return static_cast<std::uint64_t>(octets);
}

EmailAddress read_address(const char* option, const std::string& text) {
    auto address = names::parse_email(text);
    if (!address) refuse(std::string(option) + ": '" + text + "': " + address.error());
    return std::move(*address);
}

void read_wishes(const CheckArguments& typed, Request& request) {
    request.relay.scope = choice<RelayScope>("--relay", typed.relay, std::array{"off", "basic", "full"});
    read_relay_addresses(typed, request.relay);
    if (!typed.message_size.empty()) request.message_size = read_size(typed.message_size);
    if (!typed.send_test_to.empty())
        request.send_test_to = read_address("--send-test-to", typed.send_test_to);
}

doctor::Options read_options(const CheckArguments& typed, int usual_timeout) {
    doctor::Options options;
    options.timeout = read_timeout(typed.timeout, usual_timeout);
    for (const std::string& text : typed.resolvers)
        if (!platform::name_server_from(text))
            refuse("--resolver: '" + text +
                   "' is not an address, nor ADDRESS:PORT with an IPv6 address in brackets");
    options.resolvers = typed.resolvers;
    require_readable("--ca-file", typed.ca_file);
    options.ca_file = typed.ca_file;
    require_readable("--trust-anchor", typed.trust_anchor);
    options.trust_anchor = typed.trust_anchor;
    if (!typed.ehlo.empty() && !HostName::from(typed.ehlo))
        refuse("--ehlo: '" + typed.ehlo + "' is not a host name");
    options.ehlo_name = typed.ehlo;
    options.rules_folder = typed.rules;
    options.allow_local = typed.allow_local;
    options.third_parties = !typed.no_third_party;
    options.reference_probes = choice<int>("--probes", typed.probes, std::array{"full", "reference"}) == 1;
    return options;
}

/// What the files of --compare and the store tell of other runs; the files come first.
OtherRuns read_other_runs(const CheckArguments& typed, const Request& request) {
    OtherRuns runs;
    for (const std::string& path : typed.compare) {
        auto bytes = platform::read_file(path, file_limit);
        if (!bytes) refuse("--compare: " + bytes.error());
        const auto added = doctor::add_other_run({.name = path, .bytes = std::move(*bytes)}, runs);
        if (!added) refuse("--compare: " + added.error());
    }
    if (typed.store.empty()) return runs;
    OtherRuns earlier = doctor::earlier_runs(typed.store, request);
    std::ranges::move(earlier.starttls, std::back_inserter(runs.starttls));
    std::ranges::move(earlier.relays, std::back_inserter(runs.relays));
    return runs;
}

/// Declares options of one kind after the other.
struct Options {
    CLI::App& app;

    void text(const char* name, std::string& value, const char* shown, const char* help,
              const char* group) const {
        app.add_option(name, value, help)->option_text(shown)->group(group);
    }
    void flag(const char* name, bool& value, const char* help, const char* group) const {
        app.add_flag(name, value, help)->group(group);
    }
    void list(const char* name, std::vector<std::string>& values, const char* shown, const char* help,
              const char* group) const {
        app.add_option(name, values, help)
            ->option_text(shown)
            ->group(group)
            ->expected(1)
            ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    }
};

constexpr const char* work = "How it is done";
constexpr int usual_timeout = usual_check_timeout;
constexpr int long_timeout = 120;  // seconds: for a full relay test, or waiting for mail

}  // namespace

void add_check_options(CLI::App& app, CheckArguments& typed) {
    app.footer(examples);
    app.add_option("EMAIL", typed.email, "The e-mail address of the account")->type_name("");
    const Options add{app};
    constexpr const char* account = "Account";
    add.text(
        "--incoming", typed.incoming, "URL",
        "The server for reading as typed into the mail program: imap://HOST:PORT or pop3://HOST:PORT, with "
        "?security=tls, starttls or none",
        account);
    add.text(
        "--outgoing", typed.outgoing, "URL",
        "The server for sending as typed into the mail program: smtp://HOST:PORT, with ?security= likewise",
        account);
    add.text("--error-text", typed.error_text, "TEXT", "The error that the mail program shows", account);
    add.text("--program", typed.program, "ID", "The mail program: outlook, thunderbird, apple-mail, …",
             account);
    add.flag("--for-someone-else", typed.for_someone_else,
             "The account is used elsewhere: blame nothing of this network or computer", account);
    add_credential_options(app, typed.login);
    constexpr const char* further = "Further questions";
    add.text(
        "--relay", typed.relay, "SCOPE",
        "Whether the outgoing server and the domain's exchanger pass on mail of strangers: off; basic (one "
        "question each, as usual); full (all known ways of asking: only for servers of your own)",
        further);
    add_relay_options(app, typed, further);
    add.text("--message-size", typed.message_size, "SIZE",
             "Size of the files that cannot be sent, such as 30MB: compared with the server's limit",
             further);
    add.text("--send-test-to", typed.send_test_to, "ADDRESS",
             "Submit one small message to this address of your own, and wait for it where the account for "
             "reading is its mailbox; needs a password",
             further);
    add_answer_options(app, typed);
    add_work_options(app, typed, usual_timeout);
    add.text("--tls", typed.tls, "DEPTH",
             "full: also look at all that the servers' TLS can do, with many short connections; basic unless "
             "given",
             work);
    add.list(
        "--control-host", typed.control_hosts, "HOST",
        "May be asked on port 25, to tell a blocked port from a dead server; may be given more than once",
        work);
    add.flag("--allow-local", typed.allow_local,
             "Also probe loopback and link-local addresses that a text or a domain names", work);
    add.flag("--no-third-party", typed.no_third_party, "Ask nobody but the domain's own servers and DNS",
             work);
    add.text("--probes", typed.probes, "SET", "reference: exactly the questions of the benchmark",
             "");  // hidden
}

void add_relay_options(CLI::App& app, CheckArguments& typed, const char* group) {
    const Options add{app};
    add.text("--relay-sender", typed.relay_sender, "ADDRESS",
             "The stranger who sends; maildoctor@example.com unless given", group);
    add.text(
        "--relay-recipient", typed.relay_recipient, "ADDRESS",
        "The stranger who would get it: an address of your own elsewhere tells most, because some servers "
        "check whether a recipient exists; maildoctor@example.org unless given",
        group);
}

void add_answer_options(CLI::App& app, CheckArguments& typed) {
    const Options add{app};
    constexpr const char* output = "Answer";
    add.text("--format", typed.format, "FORMAT",
             "text, json, markdown (a ticket), html, or message (ready to send to whoever must act)", output);
    add.flag(nagios_option, typed.nagios, nagios_help, output);
    add.text("--language", typed.language, "LANG", "en or de; else the language of the environment", output);
    add.text("--width", typed.width, "COLUMNS", "Columns of the text; else those of the terminal", output);
    add.text("--colour,--color", typed.colour, "WHEN", "auto, always or never", output);
    add.text(
        "--store", typed.store, "FILE",
        "Keep this run in the file, for 'maildoctor history' and 'diff', and see what earlier ones saw of "
        "the same servers",
        output);
    add.list(
        "--compare", typed.compare, "FILE",
        "A report of the same from another network or day (--format json), to hold beside this one; may be "
        "given more than once",
        output);
    add.flag("-v,--verbose", typed.verbose, "Show every question and the dialogs with the servers", output);
}

void add_work_options(CLI::App& app, CheckArguments& typed, int usual) {
    const Options add{app};
    const std::string timeout = "For the whole command; " + std::to_string(usual) + " unless given";
    add.text("--timeout", typed.timeout, "SECONDS", timeout.c_str(), work);
    add.list("--resolver", typed.resolvers, "ADDRESS",
             "Ask this DNS server, ADDRESS or ADDRESS:PORT; may be given more than once", work);
    add.text("--ca-file", typed.ca_file, "FILE",
             "Trust these certificate authorities (PEM) instead of the computer's", work);
    add.text("--trust-anchor", typed.trust_anchor, "FILE",
             "DNSSEC trust anchor (DS or DNSKEY records) instead of the root's", work);
    add.text("--ehlo", typed.ehlo, "NAME", "Name to greet SMTP servers with", work);
    add.text("--rules", typed.rules, "PATH", "Also use the rules in this folder, .zip or .toml", work);
}

void read_relay_addresses(const CheckArguments& typed, RelayWish& wish) {
    if (!typed.relay_sender.empty()) wish.sender = read_address("--relay-sender", typed.relay_sender).text();
    if (!typed.relay_recipient.empty())
        wish.recipient = read_address("--relay-recipient", typed.relay_recipient).text();
}

void read_shared_arguments(const CheckArguments& typed, int usual, CheckOrder& order) {
    order.language = typed.language.empty() ? environment_language() : typed.language;
    if (order.language != "en" && order.language != "de")
        refuse("--language: '" + order.language + "' is not en or de");
    order.format =
        choice<Format>("--format", typed.format, std::array{"text", "json", "markdown", "html", "message"});
    order.nagios = typed.nagios;
    if (typed.nagios && typed.format != "text")
        refuse("--nagios is a format of its own: leave --format away");
    order.colour = choice<Colour>("--colour", typed.colour, std::array{"auto", "always", "never"});
    order.width = read_width(typed.width);
    order.verbose = typed.verbose;
    order.store = typed.store;
    order.request.language = order.language;
    order.options = read_options(typed, usual);
    order.options.other_runs = read_other_runs(typed, order.request);
}

CheckOrder read_check_arguments(const CheckArguments& typed) {
    CheckOrder order;
    read_what_to_check(typed, order.request);
    read_circumstances(typed, order.request);
    read_wishes(typed, order.request);
    const bool slow = order.request.relay.scope == RelayScope::full || order.request.send_test_to;
    read_shared_arguments(typed, slow ? long_timeout : usual_timeout, order);
    order.credentials = read_credentials(typed.login, order.request);
    if (order.request.send_test_to && !order.credentials.given())
        refuse("--send-test-to needs a password: --password-file, --password-fd or --ask-password");
    if (order.request.send_test_to && !order.request.email)
        refuse("--send-test-to needs the account's e-mail address");
    return order;
}

}  // namespace maildoctor::cli
