#include "cli/relay_command.h"

#include <memory>
#include <string>
#include <utility>

#include "cli/check_arguments.h"
#include "cli/run_order.h"
#include "core/doctor/doctor.h"
#include "core/model/server_url.h"
#include "core/names/names.h"
#include "core/platform/terminal.h"

namespace maildoctor::cli {
namespace {

constexpr int usual_timeout = 120;  // seconds
constexpr int usual_port = 25;

constexpr const char* examples =
    "Asks the server in some twenty-five ways to pass on mail from a stranger to a stranger,\n"
    "one at a time and a second apart. Never sends a message: where DATA is accepted, the\n"
    "connection is closed without an octet of one. Only for servers of your own, or whose\n"
    "operator has agreed.\n"
    "\n"
    "Examples:\n"
    "  maildoctor relay mx.example.org\n"
    "      Shows what will be asked, and asks you before it begins.\n"
    "  maildoctor relay mx.example.org:587 --yes\n"
    "      In a script: port 587, without being asked.\n"
    "  maildoctor relay mx.example.org --compare phone.json\n"
    "      With a report (--format json) of the same test from another network: what both\n"
    "      have seen is certain.\n"
    "  maildoctor relay mx.example.org --relay-recipient you@elsewhere.example\n"
    "      For a server that checks whether a recipient exists.\n"
    "\n"
    "Exit status: 0 no open relay was shown, 1 it is one, likely or certainly, or cannot be\n"
    "reached, 2 used wrongly, 3 nothing could be concluded.";

struct RelayArguments {
    CheckArguments shared{};
    std::string server{}, domain{};
    bool yes{false};
};

[[noreturn]] void refuse_server(const std::string& text, const std::string& why) {
    throw UsageError("'" + text + "': " + why + "; give HOST or HOST:PORT, an IPv6 address in brackets");
}

/// "mx.example.org", "mx.example.org:587", "[2001:db8::1]:25".
ServerSetting read_server(const std::string& text) {
    std::string host = text, port;
    const auto colon = text.rfind(':');
    const bool bracket = text.starts_with('[');
    const bool with_port = bracket ? colon != std::string::npos && colon > text.find(']')
                                   : colon != std::string::npos && text.find(':') == colon;
    if (with_port) {
        host = text.substr(0, colon);
        port = text.substr(colon + 1);
    }
    auto name = names::to_host_name(host);
    if (!name) refuse_server(text, name.error().text);
    const auto number = with_port ? Port::from(port) : Port::from(usual_port);
    if (!number) refuse_server(text, "'" + port + "' is not a port from 1 to 65535");
    const auto custom = custom_of(*number);
    if (custom && custom->protocol != Protocol::smtp)
        refuse_server(text, "port " + port + " is for reading mail; relays are asked on 25, 465 or 587");
    return {.protocol = Protocol::smtp,
            .host = std::move(*name),
            .port = *number,
            .security = custom ? custom->security : Security::starttls,
            .source = "typed"};
}

/// Names the host and all that will be asked, and waits for the word.
void ask_for_consent(const RelayWish& wish) {
    const std::vector<RelayTrial> questions = doctor::relay_questions(wish);
    const std::string where =
        wish.server->host.text() + " port " + std::to_string(wish.server->port.number());
    std::string prompt = "This asks " + where +
                         " to pass on mail for strangers, and sends no message. What it asks:\n"
                         "  (first nobody at its own domain, to compare)\n";
    for (const RelayTrial& question : questions)
        prompt += "  MAIL FROM:<" + question.sender + "> RCPT TO:<" + question.recipient + ">\n";
    prompt +=
        "and the same with the server's address in place of its name.\n"
        "The server's operator should know of it. Type yes to go on: ";
    const auto answer = platform::ask_line(prompt);
    if (!answer)
        throw UsageError(
            "relay asks " + where + " in some " + std::to_string(questions.size()) +
            " ways to pass on mail for strangers: say --yes where there is no terminal to ask on");
    if (*answer != "yes")
        throw UsageError("nothing was asked of " + where + ", because the answer was not yes");
}

int relay(const RelayArguments& typed) {
    CheckOrder order;
    Request& request = order.request;
    request.only_typed = true;
    request.relay.scope = RelayScope::full;
    request.relay.server = read_server(typed.server);
    if (!typed.domain.empty()) {
        auto domain = names::to_host_name(typed.domain);
        if (!domain) throw UsageError("--domain: " + domain.error().text);
        request.relay.domain = std::move(*domain);
    }
    read_relay_addresses(typed.shared, request.relay);
    read_shared_arguments(typed.shared, usual_timeout, order);
    order.options.allow_local = true;  // somebody typed it
    if (!typed.shared.compare.empty() && order.options.other_runs.relays.empty())
        throw UsageError("--compare: " + typed.shared.compare.front() + " holds no relay test");
    if (!typed.yes) ask_for_consent(request.relay);
    return run_order(std::move(order));
}

}  // namespace

void add_relay_command(CLI::App& app, int& status) {
    const auto typed = std::make_shared<RelayArguments>();
    CLI::App* const command =
        app.add_subcommand("relay", "Test whether a server passes on mail for strangers (open relay)");
    command->footer(examples);
    command->add_option("SERVER", typed->server, "HOST or HOST:PORT; port 25 unless given")
        ->required()
        ->type_name("");
    constexpr const char* group = "What is asked";
    command->add_flag("--yes", typed->yes, "Begin without being asked")->group(group);
    command
        ->add_option("--domain", typed->domain,
                     "A domain that the server receives mail for; else that of its name")
        ->option_text("NAME")
        ->group(group);
    add_relay_options(*command, typed->shared, group);
    add_answer_options(*command, typed->shared);
    add_work_options(*command, typed->shared, usual_timeout);
    command->callback([typed, &status] { status = relay(*typed); });
}

}  // namespace maildoctor::cli
