// Scenes for pictures and tests: the window as it looks in the middle of typical work. Nothing is asked over
// a network.
#pragma once

#include <string>
#include <vector>

#include "core/model/report.h"
#include "gui/model/words.h"

namespace maildoctor::gui {

class App;

/// "paste", "check", "check-running", "check-result", "fix", "validate", "history", "call", "learn", "help".
const std::vector<std::string>& scene_names();

/// Brings the window into the scene.
void show_scene(App& app, const std::string& name);

/// The error text of the README.
std::string_view example_text() noexcept;

/// A finished check: the certificate of the server for receiving does not fit its name.
Report example_report(Language language);

}  // namespace maildoctor::gui
