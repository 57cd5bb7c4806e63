#include "cli/guide_command.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "core/knowledge/texts.h"
#include "core/model/server_url.h"
#include "core/report/layout.h"

namespace maildoctor::cli {
namespace {

struct GuideOptions {
    std::string program{}, email{}, incoming{}, outgoing{}, language{"en"};
    int width{80};
};

/// What mail programs write at the choice of encryption.
std::string_view security_name(std::string_view security) {
    return security == "tls" ? "SSL/TLS" : security == "starttls" ? "STARTTLS" : "none";
}

/// The values of one server: {incoming…} for texts, {in_…} for the steps of guides.
void put_server(std::string_view role, std::string_view host, const std::string& port,
                std::string_view security, std::string_view protocol, knowledge::Values& values) {
    const std::string shown = protocol == "imap"   ? "IMAP"
                              : protocol == "pop3" ? "POP3"
                              : protocol == "smtp" ? "SMTP"
                                                   : std::string(protocol);
    values[std::string(role)] = host;
    const std::string in_texts = std::string(role) + "_", in_guides = role == "incoming" ? "in_" : "out_";
    values[in_guides + "host"] = host;
    for (const std::string& prefix : {in_texts, in_guides}) {
        values[prefix + "port"] = port;
        values[prefix + "security"] = security;
        values[prefix + "protocol"] = shown;
    }
}

/// Values and conditions from one server URL; nothing happens when none was given.
bool use_server(const std::string& url, std::string_view role, knowledge::Values& values,
                std::string& protocol) {
    if (url.empty()) return true;
    const auto server = parse_server_url(url);
    if (!server) {
        std::fprintf(stderr, "maildoctor: %s\n", server.error().c_str());
        return false;
    }
    put_server(role, server->host.text(), std::to_string(server->port.number()),
               security_name(word(server->security)), word(server->protocol), values);
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
        values["email"] = values["address"] = values["username"] = values["user"] = values["in_user"] =
            values["out_user"] = options.email;
        const std::string domain = options.email.substr(at + 1);
        values["domain"] = domain;
        if (const auto* const provider = knowledge::provider_of(pack, domain)) {
            values["provider"] = pack.text(provider->name);
            for (const auto& server : pack.all<knowledge::ServerRecord>(knowledge::Section::servers)
                                          .subspan(provider->servers.at, provider->servers.size)) {
                const bool out = pack.text(server.protocol) == "smtp";
                const std::string_view role = out ? "outgoing" : "incoming";
                if (!out && !protocol.empty() && protocol != pack.text(server.protocol)) continue;
                if (values.contains(role)) continue;
                put_server(role, pack.text(server.host), std::to_string(server.port),
                           security_name(pack.text(server.security)), pack.text(server.protocol), values);
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
        out += report::wrapped(knowledge::fill(pack.text(step.text), values, options.language),
                               static_cast<std::size_t>(options.width), mark, std::string(mark.size(), ' '));
    }
    for (const std::string& note : pack.strings(guide->notes))
        out += "\n" + report::wrapped(knowledge::fill(note, values, options.language),
                                      static_cast<std::size_t>(options.width), "", "");
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
