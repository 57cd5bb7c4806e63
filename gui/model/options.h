// The command line of the window.
#pragma once

#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/config/config.h"
#include "core/doctor/doctor.h"
#include "gui/model/settings.h"

namespace maildoctor::gui {

struct CommandLine {
    bool help{false}, version{false}, manual_page{false};
    std::string screenshot{};  ///< PNG to write; empty: a window
    std::string scene{"paste"};
    bool frame_times{false};  ///< print how long frames took, at the end
    std::optional<Theme> theme{};
    Settings usual{};  ///< of a window that remembers nothing yet
    std::string language{};
    std::optional<int> text_percent{}, width{}, height{};
    std::string email{};  ///< the form begins with it
    std::optional<ServerSetting> incoming{}, outgoing{};
    std::vector<HostName> control_hosts{};
    std::filesystem::path store{};  ///< where runs are kept; empty: the usual place
    bool resolvers_typed{false};    ///< options.resolvers are not the configured ones any more
    doctor::Options options{};
};

/// What the user configured for the whole program, as the command line that nothing was typed on.
/// @return one line when a value is wrong
std::expected<CommandLine, std::string> configured(const config::Config& config);

/// @param arguments without the program's name
/// @param line what holds where nothing is typed
/// @return what they say, or one line that says what is wrong and what would be right
std::expected<CommandLine, std::string> read_command_line(const std::vector<std::string>& arguments,
                                                          CommandLine line = {});

/// One option, as the help and the manual page show it.
struct OptionHelp {
    std::string names{}, value{}, description{};
};
std::vector<OptionHelp> option_helps();
inline constexpr const char* about_the_window =
    "The window of maildoctor: finds out why e-mail does not work and says what to do";

std::string help_text();

}  // namespace maildoctor::gui
