#include "cli/guide_command.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "core/model/server_url.h"
#include "core/report/guide.h"
#include "core/report/layout.h"

namespace maildoctor::cli {
namespace {

struct GuideOptions {
    std::string program{}, email{}, incoming{}, outgoing{}, language{"en"};
    int width{80};
};

/// One server URL; nothing happens when none was given.
bool read_server(const std::string& url, std::optional<ServerSetting>& setting) {
    if (url.empty()) return true;
    auto server = parse_server_url(url);
    if (!server) {
        std::fprintf(stderr, "maildoctor: %s\n", server.error().c_str());
        return false;
    }
    setting = std::move(*server);
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
    report::GuideValues values{.email = options.email};
    if (!read_server(options.incoming, values.incoming) || !read_server(options.outgoing, values.outgoing))
        return 2;
    const auto guide = report::guide_for(pack, options.program, values, options.language);
    if (!guide) {
        std::fprintf(stderr, "maildoctor: there is no guide for '%s'\n", options.program.c_str());
        print_programs(pack);
        return 3;
    }
    std::string out = guide->program + "\n\n";
    const auto width = static_cast<std::size_t>(options.width);
    int number = 1;
    for (const std::string& step : guide->steps) {
        const std::string mark = std::to_string(number++) + ". ";
        out += report::wrapped(step, width, mark, std::string(mark.size(), ' '));
    }
    for (const std::string& note : guide->notes)
        out += "\n" + report::wrapped(note, width, "", "");
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
