// How --help looks: two columns, wrapped to the terminal.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>

namespace maildoctor::cli {

/// What the program's own help ends with.
extern const char* const program_examples;

/// Declares the options of the program itself. @return where the answers stand, for the life of `app`
struct ProgramOptions {
    bool version{false}, verbose{false};
};
ProgramOptions& add_program_options(CLI::App& app);

/// The formatter for the program and all its commands.
std::shared_ptr<CLI::FormatterBase> help_formatter();

}  // namespace maildoctor::cli
