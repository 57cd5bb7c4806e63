// The command line of the window.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "core/doctor/doctor.h"
#include "gui/model/settings.h"

namespace maildoctor::gui {

struct CommandLine {
    bool help{false}, version{false};
    std::string screenshot{};  ///< PNG to write; empty: a window
    std::string scene{"paste"};
    bool frame_times{false};  ///< print how long frames took, at the end
    std::optional<Theme> theme{};
    std::string language{};
    std::optional<int> text_percent{}, width{}, height{};
    std::string email{};  ///< the form begins with it
    std::optional<ServerSetting> incoming{}, outgoing{};
    doctor::Options options{};
};

/// @param arguments without the program's name
/// @return what they say, or one line that says what is wrong and what would be right
std::expected<CommandLine, std::string> read_command_line(const std::vector<std::string>& arguments);

std::string help_text();

}  // namespace maildoctor::gui
