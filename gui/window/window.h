// The real window: GLFW, OpenGL 3 and ImGui around the views.
#pragma once

#include <expected>
#include <string>

#include "gui/model/app.h"

namespace maildoctor::gui {

/// Opens the window and shows it until the user closes it.
/// @param settings_file where settings are remembered; empty: nowhere
/// @return one line that says why there can be no window: no display, no OpenGL 3
std::expected<void, std::string> run_window(const CommandLine& line,
                                            const std::filesystem::path& settings_file);

/// Renders one scene of a hidden window into a PNG file.
std::expected<void, std::string> take_screenshot(const CommandLine& line);

}  // namespace maildoctor::gui
