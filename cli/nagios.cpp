#include "cli/nagios.h"

#include <algorithm>

#include "cli/output.h"

namespace maildoctor::cli {

bool asked_for_nagios(std::span<const std::string> arguments) noexcept {
    return std::ranges::find(arguments, nagios_option) != arguments.end();
}

int write_plugin(const report::PluginOutput& output) {
    (void)write_output(output.line);
    return static_cast<int>(output.state);
}

}  // namespace maildoctor::cli
