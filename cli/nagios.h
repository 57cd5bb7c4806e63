// Output as a plugin of a monitoring system: one line and one of four exit statuses.
#pragma once

#include <span>
#include <string>

#include "core/report/plugin.h"

namespace maildoctor::cli {

inline constexpr const char* nagios_option = "--nagios";
inline constexpr const char* nagios_help =
    "One line and the exit status of a monitoring plugin: 0 ok, 1 warning, 2 critical, 3 unknown";

/// Whether it was typed, however wrong the rest is: what is said then goes to standard output, because nobody
/// reads a plugin's standard error.
bool asked_for_nagios(std::span<const std::string> arguments) noexcept;

/// Writes the line. @return the exit status
int write_plugin(const report::PluginOutput& output);

}  // namespace maildoctor::cli
