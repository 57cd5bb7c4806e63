#include "cli/discover_command.h"

#include <CLI/CLI.hpp>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "cli/command.h"
#include "cli/discover_output.h"
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
    "  maildoctor discover you@example.org --document autoconfig:config-v1.1.xml\n"
    "      What mail programs will read in this file, and which of them throw it away.\n"
    "  maildoctor discover you@example.org --document mobileconfig:mail.mobileconfig --format json\n"
    "      The same for an Apple profile, for other programs to read.\n"
    "  maildoctor discover you@example.org --plan --like thunderbird\n"
    "      Where Thunderbird would look, in its order. Asks nobody.\n"
    "\n"
    "Exit status with --document: 0 no program throws the file away, 1 at least one does.";

struct DiscoverArguments {
    std::string email, document, like, mx, format = "text", protocol, security, port;
    bool plan{false}, https_only{false}, no_address{false}, no_third_party{false};
};

/// "autoconfig:FILE" in two parts.
std::pair<DocumentFormat, std::string> read_document_option(const std::string& text) {
    constexpr std::array<std::pair<std::string_view, DocumentFormat>, 3> formats = {
        {{"autoconfig:", DocumentFormat::autoconfig},
         {"autodiscover:", DocumentFormat::autodiscover},
         {"mobileconfig:", DocumentFormat::mobileconfig}}};
    for (const auto& [prefix, format] : formats) {
        if (text.starts_with(prefix) && text.size() > prefix.size())
            return {format, text.substr(prefix.size())};
    }
    throw UsageError("--document: give autoconfig:FILE, autodiscover:FILE or mobileconfig:FILE");
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
    if (typed.document.empty()) throw UsageError("give --document or --plan");
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
         "Read one document from a file instead of the network; KIND is autoconfig, autodiscover or "
         "mobileconfig");
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
    command->callback([typed, &status] { status = static_cast<int>(discover(*typed)); });
}

}  // namespace maildoctor::cli
