#include "gui/view/style.h"

namespace maildoctor::gui {
namespace {

/// 0xRRGGBB as ImGui packs it.
constexpr ImU32 rgb(std::uint32_t value) {
    return 0xFF000000U | ((value & 0xFFU) << 16U) | (value & 0xFF00U) | ((value >> 16U) & 0xFFU);
}

constexpr Palette light = {.background = rgb(0xF3F5F8),
                           .surface = rgb(0xFFFFFF),
                           .border = rgb(0xD9E0E8),
                           .text = rgb(0x1A2431),
                           .muted = rgb(0x556474),
                           .accent = rgb(0x1D5FD1),
                           .on_accent = rgb(0xFFFFFF),
                           .accent_soft = rgb(0xE6EEFB),
                           .good = rgb(0x17794A),
                           .warning = rgb(0xA86200),
                           .bad = rgb(0xC22B2B),
                           .unknown = rgb(0x66717D),
                           .highlight = rgb(0xFFE49A),
                           .sidebar = rgb(0x1C2838),
                           .on_sidebar = rgb(0xC9D3DF),
                           .sidebar_chosen = rgb(0x31455F)};
constexpr Palette dark = {.background = rgb(0x12161C),
                          .surface = rgb(0x1B212A),
                          .border = rgb(0x313B48),
                          .text = rgb(0xE6EBF1),
                          .muted = rgb(0x9BA8B6),
                          .accent = rgb(0x4D8DF6),
                          .on_accent = rgb(0x0B1017),
                          .accent_soft = rgb(0x202E45),
                          .good = rgb(0x4CC38A),
                          .warning = rgb(0xF0B450),
                          .bad = rgb(0xFF7A70),
                          .unknown = rgb(0x8D99A6),
                          .highlight = rgb(0x6B5712),
                          .sidebar = rgb(0x0C1015),
                          .on_sidebar = rgb(0xAFBAC7),
                          .sidebar_chosen = rgb(0x26344A)};
constexpr Palette contrast = {.background = rgb(0x000000),
                              .surface = rgb(0x000000),
                              .border = rgb(0xFFFFFF),
                              .text = rgb(0xFFFFFF),
                              .muted = rgb(0xE2E2E2),
                              .accent = rgb(0xFFE600),
                              .on_accent = rgb(0x000000),
                              .accent_soft = rgb(0x2E2A00),
                              .good = rgb(0x3DFF9A),
                              .warning = rgb(0xFFC400),
                              .bad = rgb(0xFF8080),
                              .unknown = rgb(0xD0D0D0),
                              .highlight = rgb(0x0047B3),
                              .sidebar = rgb(0x000000),
                              .on_sidebar = rgb(0xFFFFFF),
                              .sidebar_chosen = rgb(0x3A3500)};

}  // namespace

const Palette& palette_of(Theme theme) {
    return theme == Theme::light ? light : theme == Theme::dark ? dark : contrast;
}

ImU32 with_alpha(ImU32 colour, float alpha) {
    return (colour & 0x00FFFFFFU) | (static_cast<ImU32>(alpha * 255.0F) << 24U);
}

ImU32 colour_of(const Palette& palette, CellState state) {
    switch (state) {
        case CellState::good:
            return palette.good;
        case CellState::warning:
            return palette.warning;
        case CellState::bad:
            return palette.bad;
        case CellState::running:
            return palette.accent;
        case CellState::unknown:
            return palette.unknown;
        case CellState::closed:
        case CellState::not_asked:
            break;
    }
    return palette.muted;
}

void apply_style(const Palette& palette, float em, Theme theme) {
    ImGuiStyle& style = ImGui::GetStyle();
    style = ImGuiStyle();
    const float line = theme == Theme::contrast ? 2.0F : 1.0F;
    style.WindowPadding = {em * 1.2F, em * 1.0F};
    style.FramePadding = {em * 0.65F, em * 0.42F};
    style.ItemSpacing = {em * 0.6F, em * 0.55F};
    style.ItemInnerSpacing = {em * 0.5F, em * 0.3F};
    style.CellPadding = {em * 0.55F, em * 0.38F};
    style.ScrollbarSize = em * 0.85F;
    style.GrabMinSize = em * 0.8F;
    style.IndentSpacing = em * 1.2F;
    style.WindowRounding = style.ChildRounding = 0;
    style.FrameRounding = style.PopupRounding = style.GrabRounding = style.ScrollbarRounding = em * 0.3F;
    style.FrameBorderSize = style.PopupBorderSize = line;
    style.WindowBorderSize = style.ChildBorderSize = 0;
    const auto set = [&](ImGuiCol which, ImU32 colour) { style.Colors[which] = as_vector(colour); };
    set(ImGuiCol_Text, palette.text);
    set(ImGuiCol_TextDisabled, palette.muted);
    set(ImGuiCol_WindowBg, palette.background);
    set(ImGuiCol_ChildBg, with_alpha(palette.background, 0));
    set(ImGuiCol_PopupBg, palette.surface);
    set(ImGuiCol_Border, palette.border);
    set(ImGuiCol_FrameBg, palette.surface);
    set(ImGuiCol_FrameBgHovered, palette.accent_soft);
    set(ImGuiCol_FrameBgActive, palette.surface);
    set(ImGuiCol_Button, palette.surface);
    set(ImGuiCol_ButtonHovered, palette.accent_soft);
    set(ImGuiCol_ButtonActive, with_alpha(palette.accent, 0.35F));
    set(ImGuiCol_CheckMark, palette.accent);
    set(ImGuiCol_SliderGrab, palette.accent);
    set(ImGuiCol_SliderGrabActive, palette.accent);
    set(ImGuiCol_Header, palette.accent_soft);
    set(ImGuiCol_HeaderHovered, palette.accent_soft);
    set(ImGuiCol_HeaderActive, with_alpha(palette.accent, 0.3F));
    set(ImGuiCol_Separator, palette.border);
    set(ImGuiCol_ScrollbarBg, with_alpha(palette.background, 0));
    set(ImGuiCol_ScrollbarGrab, with_alpha(palette.muted, 0.45F));
    set(ImGuiCol_ScrollbarGrabHovered, palette.muted);
    set(ImGuiCol_ScrollbarGrabActive, palette.accent);
    set(ImGuiCol_TableHeaderBg, palette.accent_soft);
    set(ImGuiCol_TableBorderLight, palette.border);
    set(ImGuiCol_TableBorderStrong, palette.border);
    set(ImGuiCol_TableRowBg, palette.surface);
    set(ImGuiCol_TableRowBgAlt, palette.surface);
    set(ImGuiCol_TextSelectedBg, with_alpha(palette.accent, 0.35F));
    set(ImGuiCol_NavHighlight, palette.accent);
    set(ImGuiCol_PlotHistogram, palette.accent);
    set(ImGuiCol_ModalWindowDimBg, 0x80000000U);
}

}  // namespace maildoctor::gui
