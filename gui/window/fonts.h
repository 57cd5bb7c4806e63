// The fonts of the system, in the size that is wanted.
#pragma once

#include <string>

#include "gui/view/style.h"

namespace maildoctor::gui {

/// Finds fonts through fontconfig and puts them into ImGui's atlas, which must be uploaded anew afterwards.
class FontShelf {
public:
    FontShelf();
    /// @param pixels height of the body font
    /// @return whether a font of the system was found; without one ImGui's own is used
    bool build(float pixels);
    const Fonts& fonts() const noexcept { return fonts_; }

private:
    std::string body_{}, bold_{}, mono_{};  ///< font files as bytes; empty: not found
    Fonts fonts_{};
};

}  // namespace maildoctor::gui
