#include "cli/tls_command.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>

#include "cli/check_arguments.h"
#include "cli/command.h"
#include "cli/run_order.h"
#include "core/model/server_url.h"

namespace maildoctor::cli {
namespace {

constexpr const char* examples =
    "Examples:\n"
    "  maildoctor tls imap.example.org:993\n"
    "      Versions, ciphers, certificate, and which old mail programs still get in.\n"
    "  maildoctor tls mail.example.org:587\n"
    "      The same after STARTTLS, as is usual on this port.\n"
    "  maildoctor tls mail.example.org:2525 --starttls smtp --format json\n"
    "      A port of its own, for other programs to read.\n"
    "  maildoctor tls pop.example.org:995 --program outlook-2010\n"
    "      Warn when this program can't connect.\n"
    "\n"
    "Makes about a hundred short connections, three at once, and stops when the server\n"
    "turns them away. What each line means: docs/tls.md.\n"
    "Exit status: 0 nothing wrong (warnings are allowed), 1 a problem was found,\n"
    "3 nothing could be concluded.";

struct TlsArguments {
    std::string server{}, starttls{}, implicit{};
    CheckArguments rest{};
};

/// "smtp", "imap" or "pop3" after an option.
Protocol read_protocol(const char* option, const std::string& text) {
    const auto protocol = protocol_from(text);
    if (!protocol) throw UsageError(std::string(option) + ": '" + text + "' is not smtp, imap or pop3");
    return *protocol;
}

/// The digits behind the last colon, unless that colon is part of an IPv6 address.
std::optional<Port> port_in(const std::string& server) {
    const std::size_t colon = server.rfind(':'), bracket = server.rfind(']');
    if (colon == std::string::npos || (bracket != std::string::npos && bracket > colon)) return std::nullopt;
    if (bracket == std::string::npos && server.find(':') != colon) return std::nullopt;
    return Port::from(std::string_view(server).substr(colon + 1));
}

/// The server as a URL, so that it goes the way of every other typed server.
std::string url_of(const TlsArguments& typed) {
    if (!typed.starttls.empty() && !typed.implicit.empty())
        throw UsageError("--starttls and --implicit exclude each other");
    const auto port = port_in(typed.server);
    if (!port) throw UsageError("'" + typed.server + "' is not HOST:PORT, with an IPv6 address in brackets");
    const auto custom = custom_of(*port);
    Protocol protocol = custom ? custom->protocol : Protocol::smtp;
    Security security = custom ? custom->security : Security::tls;
    if (!typed.starttls.empty()) {
        protocol = read_protocol("--starttls", typed.starttls);
        security = Security::starttls;
    } else if (!typed.implicit.empty()) {
        protocol = read_protocol("--implicit", typed.implicit);
        security = Security::tls;
    } else if (!custom) {
        throw UsageError(
            "port " + std::to_string(port->number()) +
            " says nothing about the kind of server: add --starttls or --implicit with smtp, imap "
            "or pop3");
    }
    return std::string(word(protocol)) + "://" + typed.server + "?security=" + std::string(word(security));
}

int look(const TlsArguments& typed) {
    CheckArguments arguments = typed.rest;
    const std::string url = url_of(typed);
    (url.starts_with("smtp") ? arguments.outgoing : arguments.incoming) = url;
    arguments.only_typed = true;
    arguments.relay = "off";  // only the TLS was asked for
    arguments.tls = "full";
    return run_order(read_check_arguments(arguments));
}

}  // namespace

void add_tls_command(CLI::App& app, int& status) {
    const auto typed = std::make_shared<TlsArguments>();
    CLI::App* const command =
        app.add_subcommand("tls", "Show what a mail server's TLS can do, and who can't connect to it");
    command->footer(examples);
    command->add_option("HOST:PORT", typed->server, "The server")->type_name("")->required();
    const auto text = [&](const char* name, std::string& value, const char* shown, const char* help) {
        command->add_option(name, value, help)->option_text(shown)->group("Server");
    };
    text("--starttls", typed->starttls, "PROTOCOL", "smtp, imap or pop3: the port begins without encryption");
    text("--implicit", typed->implicit, "PROTOCOL", "smtp, imap or pop3: encryption from the start");
    text("--program", typed->rest.program, "ID", "The mail program in question: outlook, thunderbird, …");
    add_answer_options(*command, typed->rest);
    add_work_options(*command, typed->rest, usual_check_timeout);
    command->callback([typed, &status] { status = look(*typed); });
}

}  // namespace maildoctor::cli
