#include "cli/guide_command.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "cli/explain_output.h"
#include "core/knowledge/texts.h"
#include "core/model/server_url.h"

namespace maildoctor::cli {
namespace {

struct GuideOptions {
    std::string program{}, email{}, incoming{}, outgoing{}, language{"en"};
    int width{80};
};

/// Values and conditions from one server URL; nothing happens when none was given.
bool use_server(const std::string& url, std::string_view role, knowledge::Values& values,
                std::string& protocol) {
    if (url.empty()) return true;
    const auto server = parse_server_url(url);
    if (!server) {
        std::fprintf(stderr, "maildoctor: %s\n", server.error().c_str());
        return false;
    }
    const std::string prefix(role);
    values[prefix] = server->host.text();
    values[prefix + "_port"] = std::to_string(server->port.number());
    values[prefix + "_security"] = server->security == Security::tls        ? "SSL/TLS"
                                   : server->security == Security::starttls ? "STARTTLS"
                                                                            : "none";
    values[prefix + "_protocol"] = word(server->protocol);
    if (role == "incoming") protocol = word(server->protocol);
    return true;
}

void print_programs(const knowledge::Pack& pack) {
    std::string names;
    for (const auto& guide : pack.guides()) {
        if (pack.text(guide.language) == "en")
            names += (names.empty() ? "" : ", ") + std::string(pack.text(guide.program));
    }
    std::fprintf(stderr, "Guides: %s\n", names.c_str());
}

int run(const GuideOptions& options) {
    const knowledge::Pack& pack = knowledge::built_in();
    const auto* const program = knowledge::program(pack, options.program);
    const auto* const guide = knowledge::guide(
        pack, program ? pack.text(program->id) : std::string_view(options.program), options.language);
    if (!guide) {
        std::fprintf(stderr, "maildoctor: there is no guide for '%s'\n", options.program.c_str());
        print_programs(pack);
        return 3;
    }
    knowledge::Values values{{"program", std::string(pack.text(guide->name))}};
    std::string protocol;
    if (!use_server(options.incoming, "incoming", values, protocol) ||
        !use_server(options.outgoing, "outgoing", values, protocol))
        return 2;
    if (const std::size_t at = options.email.find('@'); at != std::string::npos) {
        values["email"] = values["address"] = values["username"] = values["user"] = options.email;
        const std::string domain = options.email.substr(at + 1);
        values["domain"] = domain;
        if (const auto* const provider = knowledge::provider_of(pack, domain)) {
            values["provider"] = pack.text(provider->name);
            for (const auto& server : pack.all<knowledge::ServerRecord>(knowledge::Section::servers)
                                          .subspan(provider->servers.at, provider->servers.size)) {
                const bool out = pack.text(server.protocol) == "smtp";
                const std::string prefix = out ? "outgoing" : "incoming";
                if (!out && !protocol.empty() && protocol != pack.text(server.protocol)) continue;
                if (values.contains(prefix)) continue;
                values[prefix] = pack.text(server.host);
                values[prefix + "_port"] = std::to_string(server.port);
                values[prefix + "_security"] = pack.text(server.security) == "tls"        ? "SSL/TLS"
                                               : pack.text(server.security) == "starttls" ? "STARTTLS"
                                                                                          : "none";
                values[prefix + "_protocol"] = pack.text(server.protocol);
                if (!out) protocol = pack.text(server.protocol);
            }
        }
    }
    std::string out(pack.text(guide->name));
    out += "\n\n";
    int number = 1;
    for (const auto& step : pack.all<knowledge::PathRecord>(knowledge::Section::paths)
                                .subspan(guide->steps.at, guide->steps.size)) {
        const std::string_view when = pack.text(step.what);
        if (!when.empty() && !protocol.empty() && (when == "imap" || when == "pop3") && when != protocol)
            continue;
        const std::string mark = std::to_string(number++) + ". ";
        out += wrapped(knowledge::fill(pack.text(step.text), values, options.language), options.width, mark,
                       std::string(mark.size(), ' '));
    }
    for (const std::string& note : pack.strings(guide->notes))
        out += "\n" + wrapped(knowledge::fill(note, values, options.language), options.width, "", "");
    std::fwrite(out.data(), 1, out.size(), stdout);
    return 0;
}

}  // namespace

void add_guide_command(CLI::App& app, int& status) {
    const auto options = std::make_shared<GuideOptions>();
    CLI::App* const command =
        app.add_subcommand("guide", "Numbered steps to set up an account in a mail program");
    command
        ->add_option("program", options->program,
                     "The mail program, e.g. outlook-express or \"Windows Live Mail\"")
        ->required();
    command->add_option("email", options->email, "The address, to fill its values in");
    command->add_option("--incoming", options->incoming,
                        "Incoming server, e.g. pop3://mail.example.org:110?security=none");
    command->add_option("--outgoing", options->outgoing, "Outgoing server, e.g. smtp://mail.example.org:587");
    command->add_option("--language", options->language, "en or de");
    command->add_option("--width", options->width, "Columns of the text output")->check(CLI::Range(20, 400));
    command->callback([options, &status] { status = run(*options); });
}

}  // namespace maildoctor::cli
