// Colours, fonts and measures of the window.
#pragma once

#include <imgui.h>

#include <cstdint>

#include "gui/model/app.h"

namespace maildoctor::gui {

/// Colours as ImGui packs them.
struct Palette {
    ImU32 background, surface, border, text, muted, accent, on_accent, accent_soft;
    ImU32 good, warning, bad, unknown, highlight, sidebar, on_sidebar, sidebar_chosen;
};
const Palette& palette_of(Theme theme);

struct Fonts {
    ImFont* body{};
    ImFont* bold{};
    ImFont* title{};
    ImFont* mono{};
};

/// What every view function gets.
struct Ui {
    App& app;
    const Palette& color;
    const Fonts& fonts;
    float em{};  ///< height of the body font in pixels: the measure of everything

    const char* t(const Text& text) const noexcept { return text.in(app.language); }
};

/// Sets ImGui's own colours and measures.
void apply_style(const Palette& palette, float em, Theme theme);

ImU32 colour_of(const Palette& palette, CellState state);
ImU32 with_alpha(ImU32 colour, float alpha);
inline ImVec4 as_vector(ImU32 colour) {
    return ImGui::ColorConvertU32ToFloat4(colour);
}

}  // namespace maildoctor::gui
