#include "cli/config_command.h"

#include <CLI/CLI.hpp>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "cli/command.h"
#include "cli/output.h"
#include "core/config/config.h"
#include "core/model/text.h"
#include "core/report/json_writer.h"
#include "core/report/layout.h"

namespace maildoctor::cli {
namespace {

using config::Config;
using config::Origin;
using config::Setting;

constexpr const char* examples =
    "The file is ~/.config/maildoctor/config.toml, or the one that MAILDOCTOR_CONFIG names, such as:\n"
    "  language = \"de\"\n"
    "  resolver = [\"192.0.2.53\"]\n"
    "  third_parties = false\n"
    "An option on the command line wins over the environment, and that over the file.";

Config load() {
    auto loaded = config::load_config();
    if (!loaded) throw UsageError(loaded.error());
    return std::move(*loaded);
}

std::string joined(const std::vector<std::string>& values) {
    std::string out;
    for (const std::string& value : values)
        out += (out.empty() ? "" : ", ") + value;
    return cleaned(out, 500);
}

std::string origin_text(const Setting& setting, const Config& config) {
    switch (setting.origin) {
        case Origin::environment:
            return std::string("from ") + setting.key->variable;
        case Origin::file:
            return "from " + cleaned(config.file, 500);
        case Origin::built_in:
            break;
    }
    return "not set";
}

std::string text_of(const Config& config) {
    const std::size_t width = text_style(Colour::never, 0, "en", false).width;
    std::string out =
        config.file.empty()
            ? "No file: the user has no home folder.\n"
            : report::wrapped("File: " + config.file + (config.file_exists ? "" : " (does not exist)"), width,
                              "", "      ");
    for (const Setting& setting : config.settings) {
        out += "\n" + report::wrapped(setting.values.empty()
                                          ? std::string(setting.key->name) + ": not set"
                                          : std::string(setting.key->name) + " = " + joined(setting.values) +
                                                "   (" + origin_text(setting, config) + ")",
                                      width, "", "    ");
        out += report::wrapped(
            std::string(setting.key->description) + ". Environment: " + setting.key->variable + ".", width,
            "    ", "    ");
    }
    return out;
}

std::string json_of(const Config& config) {
    static constexpr std::array<const char*, 3> origins = {"built-in", "file", "environment"};
    report::JsonWriter out;
    out.begin_object()
        .member("file", config.file)
        .member("exists", config.file_exists)
        .key("settings")
        .begin_array();
    for (const Setting& setting : config.settings)
        out.begin_object()
            .member("key", setting.key->name)
            .member("values", setting.values)
            .member("origin", origins.at(static_cast<std::size_t>(setting.origin)))
            .end_object();
    out.end_array().end_object();
    return out.take() + "\n";
}

/// Sets the default of an option without showing it in the help.
void set_default(CLI::App& command, const char* option, const std::vector<std::string>& values) {
    CLI::Option* const found = command.get_option_no_throw(option);
    if (found == nullptr || values.empty()) return;
    std::string text = values.front();
    if (found->get_expected_max() > 1 ||
        found->get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll) {
        text = "[";  // CLI11 takes lists in brackets apart
        for (const std::string& value : values)
            text += (text.size() > 1 ? "," : "") + value;
        text += "]";
    }
    const std::string shown = found->get_default_str();
    found->run_callback_for_default()->default_val(text);
    found->default_str(shown);
}

}  // namespace

void apply_configuration(CLI::App& command) {
    const Config config = load();
    static constexpr std::array<std::pair<const char*, const char*>, 9> options = {
        {{"--language", "language"},
         {"--resolver", "resolver"},
         {"--control-host", "control_hosts"},
         {"--ca-file", "ca_file"},
         {"--trust-anchor", "trust_anchor"},
         {"--store", "store"},
         {"--rules", "rules"},
         {"--colour", "colour"},
         {"--pages", "pages"}}};
    for (const auto& [option, key] : options)
        set_default(command, option, config.values(key));
    if (config.text("third_parties") == "false") set_default(command, "--no-third-party", {"true"});
}

void add_config_command(CLI::App& app, int& status) {
    const auto format = std::make_shared<std::string>("text");
    CLI::App* const command =
        app.add_subcommand("config", "Show what is configured, and where it comes from");
    command->footer(examples);
    command->add_option("--format", *format, "text or json")->option_text("FORMAT");
    command->callback([format, &status] {
        if (*format != "text" && *format != "json")
            throw UsageError("--format: '" + *format + "' is not one of text or json");
        write_output(*format == "json" ? json_of(load()) : text_of(load()));
        status = 0;
    });
}

}  // namespace maildoctor::cli
