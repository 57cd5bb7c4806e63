#include "cli/publish_command.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/output.h"
#include "core/doctor/discovery.h"
#include "core/model/server_url.h"
#include "core/model/text.h"
#include "core/names/names.h"
#include "core/report/json_writer.h"
#include "core/report/layout.h"
#include "core/report/report_json.h"

namespace maildoctor::cli {
namespace {

constexpr const char* examples =
    "Examples:\n"
    "  maildoctor publish example.org --incoming imap://imap.example.org:993 --outgoing "
    "smtp://smtp.example.org:465\n"
    "      The DNS records and files for this domain, with a word on where each goes.\n"
    "  maildoctor publish example.org --incoming imap://imap.example.org:993 --outgoing "
    "smtp://smtp.example.org:465 "
    "--write out\n"
    "      The same as files in the folder out.\n"
    "Afterwards: maildoctor discover you@example.org";

struct PublishArguments {
    std::string domain{}, name{}, username{"%EMAILADDRESS%"}, write{}, format{"text"};
    std::vector<std::string> incoming{}, outgoing{};
};

std::vector<ServerSetting> read_servers(const char* option, const std::vector<std::string>& urls, Role role) {
    if (urls.empty())
        throw UsageError(std::string(option) + " is missing: the server for " +
                         (role == Role::incoming ? "reading, such as imap://imap.example.org:993"
                                                 : "sending, such as smtp://smtp.example.org:465"));
    std::vector<ServerSetting> servers;
    for (const std::string& url : urls) {
        auto server = parse_server_url(url);
        if (!server) throw UsageError(std::string(option) + ": " + server.error());
        if (role_of(server->protocol) != role)
            throw UsageError(std::string(option) + ": '" + url + "' is for " +
                             (role == Role::incoming ? "sending" : "reading"));
        servers.push_back(std::move(*server));
    }
    return servers;
}

PublicationOffer read_offer(const PublishArguments& typed) {
    auto domain = names::to_host_name(typed.domain);
    if (!domain) throw UsageError("'" + typed.domain + "': " + domain.error().text);
    return {.domain = std::move(*domain),
            .display_name = typed.name,
            .username_form = typed.username,
            .servers = {.incoming = read_servers("--incoming", typed.incoming, Role::incoming),
                        .outgoing = read_servers("--outgoing", typed.outgoing, Role::outgoing)}};
}

/// Writes each part below `folder`. What is there already is not replaced: it may be what is published now.
void write_files(const std::filesystem::path& folder, const std::vector<PublicationPart>& parts) {
    for (const PublicationPart& part : parts)
        if (std::error_code ignored; std::filesystem::exists(folder / part.path, ignored))
            throw UsageError("--write: " + (folder / part.path).native() + " exists already");
    for (const PublicationPart& part : parts) {
        const std::filesystem::path path = folder / part.path;
        std::error_code error;
        std::filesystem::create_directories(path.parent_path(), error);
        std::ofstream file(path, std::ios::binary);
        file << part.content;
        file.close();
        if (error || !file) throw UsageError("--write: " + path.native() + " cannot be written");
    }
}

std::string json_of(const std::vector<PublicationPart>& parts) {
    report::JsonWriter out;
    out.begin_object().key("parts");
    report::write_publication(out, parts);
    out.end_object();
    return out.take() + "\n";
}

std::string text_of(const std::vector<PublicationPart>& parts, const std::string& folder, std::size_t width) {
    std::string out;
    int number = 0;
    for (const PublicationPart& part : parts) {
        out += (number == 0 ? "" : "\n") + std::to_string(number + 1) + ". " + part.title + "\n";
        ++number;
        out += report::wrapped(part.where, width, "   ", "   ") + "\n";
        if (folder.empty())
            out += part.content;
        else
            out +=
                "   Written to " + cleaned((std::filesystem::path(folder) / part.path).native(), 500) + "\n";
    }
    return out;
}

void publish(const PublishArguments& typed) {
    if (typed.format != "text" && typed.format != "json")
        throw UsageError("--format: '" + typed.format + "' is not one of text or json");
    const auto parts = doctor::make_publication(read_offer(typed));
    if (!parts) throw UsageError(parts.error());
    if (!typed.write.empty()) write_files(typed.write, *parts);
    const std::size_t width = text_style(Colour::never, 0, "en", false).width;
    write_output(typed.format == "json" ? json_of(*parts) : text_of(*parts, typed.write, width));
}

}  // namespace

void add_publish_command(CLI::App& app, int& status) {
    const auto typed = std::make_shared<PublishArguments>();
    CLI::App* const command = app.add_subcommand(
        "publish", "Make the records and files by which mail programs find a domain's servers");
    command->footer(examples);
    command->add_option("DOMAIN", typed->domain, "The domain of the addresses")->type_name("")->required();
    const auto servers = [&](const char* name, std::vector<std::string>& value, const char* help) {
        command->add_option(name, value, help)
            ->option_text("URL")
            ->expected(1)
            ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    };
    servers("--incoming", typed->incoming,
            "A server for reading, the preferred one first: imap://HOST:PORT or pop3://HOST:PORT, with "
            "?security=tls or "
            "starttls; may be given more than once");
    servers("--outgoing", typed->outgoing, "A server for sending likewise: smtp://HOST:PORT");
    const auto text = [&](const char* name, std::string& value, const char* shown, const char* help) {
        command->add_option(name, value, help)->option_text(shown);
    };
    text("--username", typed->username, "FORM",
         "What people log in with: %EMAILADDRESS% unless given, or %EMAILLOCALPART%");
    text("--name", typed->name, "TEXT", "The provider's name as people see it; else the domain");
    text("--write", typed->write, "DIR",
         "Write the files into this folder; nothing that is there is replaced");
    text("--format", typed->format, "FORMAT", "text or json");
    command->callback([typed, &status] {
        publish(*typed);
        status = 0;
    });
}

}  // namespace maildoctor::cli
