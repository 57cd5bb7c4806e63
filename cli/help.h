// How --help looks: two columns, wrapped to the terminal.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>

namespace maildoctor::cli {

/// The formatter for the program and all its commands.
std::shared_ptr<CLI::FormatterBase> help_formatter();

}  // namespace maildoctor::cli
