// Keys that mean the same everywhere in the window.
#pragma once

#include <vector>

#include "gui/model/app.h"

namespace maildoctor::gui {

/// A key that went down, as GLFW counts keys. ImGui 1.86 alone would miss one that is up again before the
/// next frame.
struct KeyPress {
    int key{};
    bool control{};
};

/// Does what the keys mean. Call it within a frame, before the views are drawn.
void take_keys(App& app, const std::vector<KeyPress>& presses);

}  // namespace maildoctor::gui
