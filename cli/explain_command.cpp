#include "cli/explain_command.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>

#include "cli/explain_check.h"
#include "cli/flat_json.h"
#include "core/explain/explain.h"
#include "core/explain/share.h"
#include "core/knowledge/compile.h"
#include "core/report/clues.h"
#include "core/report/json_writer.h"
#include "core/report/times.h"

namespace maildoctor::cli {
namespace {

struct ExplainOptions {
    std::string text{}, format{"text"}, language{"en"}, program{}, unknown_log{}, rules{}, only_rules{},
        pages{MAILDOCTOR_PAGES};  // NOLINT(readability-redundant-string-init): set when building, or empty
    bool batch{false}, share{false}, check{false};
    NamedServerOptions server{};
    int width{80};
};

report::CluesStyle style_of(const ExplainOptions& options) {
    return {.language = options.language,
            .width = static_cast<std::size_t>(options.width),
            .pages = options.pages,
            .share = options.share,
            .today = report::today()};
}

std::string read_all(std::istream& in) {
    std::string bytes;
    char buffer[65536];
    while (bytes.size() < explain::max_input && in.read(buffer, sizeof buffer).gcount() > 0)
        bytes.append(buffer, static_cast<std::size_t>(in.gcount()));
    return bytes;
}

/// Keeps a text that no rule knew, without the names in it, one JSON line each.
void log_unknown(const std::string& file, const Clues& clues) {
    if (file.empty() || !clues.causes.empty() || clues.not_mail || clues.text.empty()) return;
    constexpr std::size_t longest = 20000;
    const bool fresh = !std::filesystem::exists(file);
    std::ofstream out(file, std::ios::app);
    // What people pasted is nobody else's business, even without the names in it.
    if (fresh && out) {
        std::error_code ignored;
        std::filesystem::permissions(
            file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, ignored);
    }
    report::JsonWriter json;
    json.begin_object().key("text");
    json.lines(explain::anonymised(std::string_view(clues.text).substr(0, longest)), longest).end_object();
    out << json.take() << "\n";
    if (!out) std::fprintf(stderr, "maildoctor: cannot write %s\n", file.c_str());
}

int run_batch(const ExplainOptions& options, const knowledge::Pack& pack) {
    std::string line;
    bool all_answered = true;
    while (std::getline(std::cin, line)) {
        if (line.empty() || line == "\r") continue;
        const auto request = read_flat_object(line);
        if (!request || !request->contains("text")) {
            std::fputs(
                "{\"id\":null,\"error\":\"a line must be an object with id and "
                "text\",\"causes\":[],\"fields\":{}}\n",
                stdout);
            std::fflush(stdout);
            all_answered = false;
            continue;
        }
        const Clues clues = explain::explain(request->at("text").text, pack, {.program = options.program});
        log_unknown(options.unknown_log, clues);
        const auto id = request->find("id");
        const std::string answer =
            report::render_clues_line(id == request->end() ? "null" : id->second.json(), clues) + "\n";
        std::fwrite(answer.data(), 1, answer.size(), stdout);
        std::fflush(stdout);
    }
    return all_answered ? 0 : 3;
}

/// "pop3", "open relay", "port 110": a word of the trade, not an error.
bool print_glossary(const ExplainOptions& options, const knowledge::Pack& pack) {
    if (options.text.size() > 60 || options.text.find('\n') != std::string::npos) return false;
    const auto* const entry = knowledge::glossary(pack, options.text, options.language);
    if (!entry) return false;
    const std::string out = options.format == "json"
                                ? report::render_glossary_json(*entry, pack, MAILDOCTOR_VERSION)
                                : report::render_glossary_text(*entry, pack, style_of(options));
    std::fwrite(out.data(), 1, out.size(), stdout);
    return true;
}

int run(const ExplainOptions& options) {
    knowledge::Pack pack = knowledge::built_in();
    knowledge::LoadedPack loaded;
    if (!options.rules.empty() || !options.only_rules.empty()) {
        loaded = knowledge::load_pack(options.only_rules.empty() ? options.rules : options.only_rules);
        if (!loaded.pack) {
            std::fputs(knowledge::faults_of(loaded).c_str(), stderr);
            return 2;
        }
        pack = options.only_rules.empty() ? pack.with(*loaded.pack) : *loaded.pack;
    }
    ExplainOptions resolved = options;
    if (!options.program.empty()) {
        if (const auto* const program = knowledge::program(pack, options.program))
            resolved.program = pack.text(program->id);
    }
    if (options.batch) return run_batch(resolved, pack);
    if (options.text.empty())
        return std::fputs(
                   "maildoctor: explain needs a text or a code, or - to read one from standard input\n",
                   stderr),
               2;
    if (options.text != "-" && print_glossary(resolved, pack)) return 0;
    const Clues clues = explain::explain(options.text == "-" ? read_all(std::cin) : options.text, pack,
                                         {.program = resolved.program});
    log_unknown(options.unknown_log, clues);
    const bool json = options.format == "json";
    const std::string answer =
        json ? report::render_clues_json(clues, pack, style_of(options), MAILDOCTOR_VERSION)
             : report::render_clues_text(clues, pack, style_of(options));
    if (options.check) {
        NamedServerOptions server = options.server;
        server.json = json;
        server.language = options.language;
        server.width = options.width;
        const NamedServerAnswer probed = check_named_server(clues.text, clues, server);
        const std::string both = json ? "{\"explanation\":" + answer + "," + probed.output.substr(1) + "\n"
                                      : answer + probed.output;
        std::fwrite(both.data(), 1, both.size(), stdout);
        return probed.status;
    }
    const std::string line = json ? answer + "\n" : answer;
    std::fwrite(line.data(), 1, line.size(), stdout);
    return clues.causes.empty() && !clues.not_mail ? 3 : 0;
}

}  // namespace

void add_explain_command(CLI::App& app, int& status) {
    const auto options = std::make_shared<ExplainOptions>();
    CLI::App* const command =
        app.add_subcommand("explain", "Explain an error text, a code or a word of the trade");
    command->add_option("text", options->text, "The text or code; - reads standard input");
    command->add_option("--format", options->format, "text or json")->check(CLI::IsMember({"text", "json"}));
    command->add_option("--language", options->language, "en or de");
    command->add_option("--program", options->program, "The mail program, e.g. thunderbird");
    command->add_option("--width", options->width, "Columns of the text output")->check(CLI::Range(20, 400));
    command->add_option("--unknown-log", options->unknown_log,
                        "Keep texts that no rule knew in this file, without names");
    command
        ->add_option("--pages", options->pages,
                     "Address of the published documentation: name the cause's page there")
        ->type_name("URL")
        ->check([](const std::string& address) {
            const bool web =
                address.empty() || address.starts_with("https://") || address.starts_with("http://");
            return web ? "" : "'" + address + "' does not begin with https:// or http://";
        });
    auto* const rules = command->add_option(
        "--rules", options->rules, "Also use the rules in this folder, .zip or .toml (see docs/rules.md)");
    command
        ->add_option("--only-rules", options->only_rules, "Use the rules in this folder, .zip or .toml alone")
        ->excludes(rules);
    command->add_flag("--batch", options->batch,
                      "Read JSON Lines {\"id\",\"text\"}, answer each with one line");
    command->add_flag("--check", options->check,
                      "Then ask the server that the text names whether the fault is still there");
    command->add_option("--ca-file", options->server.ca_file,
                        "With --check: trust the authorities in this PEM file");
    command->add_option("--trust-anchor", options->server.trust_anchor,
                        "With --check: DNSSEC keys to start from");
    command->add_option("--resolver", options->server.resolvers,
                        "With --check: ask this name server, ADDR[:PORT]");
    command->add_option("--timeout", options->server.timeout, "With --check: seconds for everything")
        ->check(CLI::Range(1, 600));
    command->add_flag("--allow-local", options->server.allow_local,
                      "With --check: also ask addresses of this computer and its network");
    command->add_flag("--share", options->share, "Add the text with names and addresses replaced");
    command->callback([options, &status] { status = run(*options); });
}

}  // namespace maildoctor::cli
