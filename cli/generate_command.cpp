#include "cli/generate_command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/completion.h"
#include "cli/manual.h"
#include "core/config/config.h"
#include "core/doctor/version.h"

namespace maildoctor::cli {
namespace {

void write_file(const std::filesystem::path& path, const std::string& text) {
    std::ofstream file(path, std::ios::binary);
    file << text;
    file.close();
    if (!file) throw UsageError(path.native() + ": cannot be written");
}

/// Everything that is made from the help: man1/*.1, completions/maildoctor.{bash,zsh,fish}.
void generate(const std::filesystem::path& folder) {
    std::error_code error;
    for (const char* below : {"man1", "completions"})
        if (std::filesystem::create_directories(folder / below, error); error)
            throw UsageError((folder / below).native() + ": " + error.message());
    const CommandText program = manual();
    const std::string version(doctor::version());
    std::vector<report::VariableText> variables;
    for (const config::Key& key : config::keys())
        variables.push_back({key.variable, key.description});
    write_file(folder / "man1" / "maildoctor.1", report::man_page(program, nullptr, version, variables));
    for (const CommandText& command : program.commands)
        write_file(folder / "man1" / ("maildoctor-" + command.name + ".1"),
                   report::man_page(program, &command, version, variables));
    const CompletionWords words = built_in_words();
    for (const char* shell : {"bash", "zsh", "fish"})
        write_file(folder / "completions" / (std::string("maildoctor.") + shell),
                   completion(program, words, shell));
}

}  // namespace

void add_generate_command(CLI::App& app, int& status) {
    const auto folder = std::make_shared<std::string>();
    CLI::App* const command =
        app.add_subcommand("generate", "Write the manual pages and the completions of the shells");
    command->group("");  // for packages, not for people
    command->add_option("DIR", *folder, "The folder to write into")->type_name("")->required();
    command->callback([folder, &status] {
        generate(*folder);
        status = 0;
    });
}

}  // namespace maildoctor::cli
