// The frame of the window: the bar at the side, settings, notices.
#include <array>
#include <cmath>

#include "gui/view/views.h"
#include "gui/view/widgets.h"

namespace maildoctor::gui {
namespace {

constexpr float narrow_window = 44;  // em; below, the bar shows signs alone

/// A sign for a view, drawn in a square of `size` pixels.
void draw_sign(ImDrawList& draw, View view, ImVec2 at, float size, ImU32 colour) {
    const float thin = std::max(1.5F, size * 0.09F);
    const auto p = [&](float x, float y) { return ImVec2(at.x + size * x, at.y + size * y); };
    switch (view) {
        case View::paste:
            draw.AddRect(p(0.18F, 0.12F), p(0.82F, 0.92F), colour, size * 0.08F, 0, thin);
            draw.AddRectFilled(p(0.36F, 0.04F), p(0.64F, 0.2F), colour, size * 0.05F);
            draw.AddLine(p(0.32F, 0.42F), p(0.68F, 0.42F), colour, thin);
            draw.AddLine(p(0.32F, 0.62F), p(0.58F, 0.62F), colour, thin);
            break;
        case View::check:
            draw.AddCircle(p(0.42F, 0.42F), size * 0.3F, colour, 0, thin);
            draw.AddLine(p(0.64F, 0.64F), p(0.92F, 0.92F), colour, thin * 1.5F);
            break;
        case View::fix:
            draw.AddLine(p(0.12F, 0.52F), p(0.38F, 0.8F), colour, thin * 1.4F);
            draw.AddLine(p(0.38F, 0.8F), p(0.9F, 0.2F), colour, thin * 1.4F);
            break;
        case View::validate:
            for (const float y : {0.2F, 0.5F, 0.8F}) {
                draw.AddCircleFilled(p(0.15F, y), size * 0.07F, colour);
                draw.AddLine(p(0.34F, y), p(0.92F, y), colour, thin);
            }
            break;
        case View::history:
            draw.AddCircle(p(0.5F, 0.5F), size * 0.38F, colour, 0, thin);
            draw.AddLine(p(0.5F, 0.5F), p(0.5F, 0.24F), colour, thin);
            draw.AddLine(p(0.5F, 0.5F), p(0.7F, 0.6F), colour, thin);
            break;
        case View::call:
            draw.AddRect(p(0.1F, 0.16F), p(0.9F, 0.7F), colour, size * 0.16F, 0, thin);
            draw.AddTriangleFilled(p(0.28F, 0.68F), p(0.5F, 0.68F), p(0.26F, 0.94F), colour);
            break;
        case View::learn:
        case View::count:
            draw.AddLine(p(0.5F, 0.24F), p(0.5F, 0.86F), colour, thin);
            draw.AddBezierQuadratic(p(0.5F, 0.24F), p(0.28F, 0.08F), p(0.08F, 0.18F), colour, thin);
            draw.AddBezierQuadratic(p(0.5F, 0.86F), p(0.28F, 0.7F), p(0.08F, 0.8F), colour, thin);
            draw.AddBezierQuadratic(p(0.5F, 0.24F), p(0.72F, 0.08F), p(0.92F, 0.18F), colour, thin);
            draw.AddBezierQuadratic(p(0.5F, 0.86F), p(0.72F, 0.7F), p(0.92F, 0.8F), colour, thin);
            draw.AddLine(p(0.08F, 0.18F), p(0.08F, 0.8F), colour, thin);
            draw.AddLine(p(0.92F, 0.18F), p(0.92F, 0.8F), colour, thin);
            break;
    }
}

/// One line of the bar. @return whether it was pressed
bool bar_item(const Ui& ui, const char* id, const char* label, bool chosen, float width, bool signs_only) {
    const float height = ui.em * 2.4F;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::PushID(id);
    const bool pressed = ImGui::InvisibleButton("item", {width, height});
    const bool lit = ImGui::IsItemHovered() || is_chosen_by_keys();
    if (signs_only && ImGui::IsItemHovered()) ImGui::SetTooltip("%s", label);
    ImGui::PopID();
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    const ImVec2 end{at.x + width, at.y + height};
    if (chosen || lit)
        draw.AddRectFilled(at, end, with_alpha(ui.color.sidebar_chosen, chosen ? 1.0F : 0.55F), ui.em * 0.3F);
    if (chosen) draw.AddRectFilled(at, {at.x + ui.em * 0.25F, end.y}, ui.color.accent, ui.em * 0.1F);
    if (!signs_only)
        draw.AddText(chosen ? ui.fonts.bold : ui.fonts.body, ui.em,
                     {at.x + ui.em * 2.5F, at.y + (height - ui.em) / 2},
                     chosen ? 0xFFFFFFFFU : ui.color.on_sidebar, label);
    return pressed;
}

void side_bar(const Ui& ui, float width, bool signs_only) {
    ImGui::PushStyleColor(ImGuiCol_ChildBg, ui.color.sidebar);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, ui.em * 0.2F));
    ImGui::BeginChild("bar", {width, 0}, false, ImGuiWindowFlags_NavFlattened | ImGuiWindowFlags_NoScrollbar);
    const float edge = ui.em * 0.5F, inner = width - edge * 2;
    if (!signs_only) {
        const ImVec2 at = ImGui::GetCursorScreenPos();
        ImGui::GetWindowDrawList()->AddText(ui.fonts.title, ui.em * 1.35F,
                                            {at.x + ui.em, at.y + ui.em * 0.9F}, 0xFFFFFFFFU, "maildoctor");
    }
    ImGui::SetCursorPosY(ui.em * 3.2F);
    for (std::size_t i = 0; i < static_cast<std::size_t>(View::count); ++i) {
        const auto view = static_cast<View>(i);
        const bool chosen = ui.app.view == view;
        ImGui::SetCursorPosX(edge);
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const std::string id = "view" + std::to_string(i);
        if (bar_item(ui, id.c_str(), words_for(view, ui.app.language), chosen, inner, signs_only))
            ui.app.go(view);
        draw_sign(*ImGui::GetWindowDrawList(), view, {at.x + ui.em * 0.75F, at.y + ui.em * 0.65F},
                  ui.em * 1.1F, chosen ? 0xFFFFFFFFU : ui.color.on_sidebar);
    }
    const float bottom = ui.em * 5.4F;
    if (ImGui::GetCursorPosY() < ImGui::GetWindowHeight() - bottom)
        ImGui::SetCursorPosY(ImGui::GetWindowHeight() - bottom);
    const auto extra = [&](const char* id, const Text& label, const char* sign, bool& open) {
        ImGui::SetCursorPosX(edge);
        const ImVec2 at = ImGui::GetCursorScreenPos();
        if (bar_item(ui, id, ui.t(label), false, inner, signs_only)) open = !open;
        ImGui::GetWindowDrawList()->AddText(
            ui.fonts.bold, ui.em, {at.x + ui.em * 0.75F, at.y + ui.em * 0.68F}, ui.color.on_sidebar, sign);
    };
    extra("settings", say::settings, "Aa", ui.app.show_settings);
    extra("help", say::help, "?", ui.app.show_help);
    ImGui::EndChild();
    ImGui::PopStyleVar();
    ImGui::PopStyleColor();
}

void notice_line(const Ui& ui) {
    const Notice* notice = ui.app.notice();
    if (notice == nullptr) return;
    const ImGuiViewport* screen = ImGui::GetMainViewport();
    ImGui::SetNextWindowPos(
        {screen->Pos.x + screen->Size.x / 2, screen->Pos.y + screen->Size.y - ui.em * 1.5F}, 0, {0.5F, 1.0F});
    const ImU32 ground = notice->fault ? ui.color.bad : ui.color.text;
    ImGui::PushStyleColor(ImGuiCol_WindowBg, ground);
    ImGui::PushStyleColor(ImGuiCol_Text, ui.color.surface);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, ui.em * 0.4F);
    ImGui::Begin("##notice", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_AlwaysAutoResize | ImGuiWindowFlags_NoNav |
                     ImGuiWindowFlags_NoFocusOnAppearing | ImGuiWindowFlags_NoInputs |
                     ImGuiWindowFlags_NoSavedSettings);
    ImGui::PushTextWrapPos(screen->Size.x * 0.7F);
    text_of(notice->text);
    ImGui::PopTextWrapPos();
    ImGui::End();
    ImGui::PopStyleVar();
    ImGui::PopStyleColor(2);
}

template <class Value, std::size_t N>
void choose(const Ui& ui, const char* id, Value& value,
            const std::array<std::pair<Value, const char*>, N>& choices, auto&& changed) {
    ImGui::PushID(id);
    for (std::size_t i = 0; i < N; ++i) {
        if (i > 0) next_or_wrap(ui, button_width(choices[i].second));
        const bool chosen = value == choices[i].first;
        const bool pressed =
            chosen ? primary_button(ui, choices[i].second) : ImGui::Button(choices[i].second);
        if (pressed && !chosen) changed(choices[i].first);
    }
    ImGui::PopID();
}

void settings_window(const Ui& ui) {
    App& app = ui.app;
    if (!app.show_settings) return;
    ImGui::SetNextWindowPos(ImGui::GetMainViewport()->GetCenter(), ImGuiCond_Appearing, {0.5F, 0.5F});
    ImGui::SetNextWindowSize({std::min(ui.em * 30, ImGui::GetMainViewport()->Size.x - ui.em * 2), 0});
    ImGui::PushStyleColor(ImGuiCol_WindowBg, ui.color.surface);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 1);
    ImGui::Begin("##settings", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoMove);
    title(ui, ui.t(say::settings));
    heading(ui, ui.t(say::theme));
    choose(ui, "theme", app.settings.theme,
           std::array{std::pair{Theme::light, ui.t(say::light)}, std::pair{Theme::dark, ui.t(say::dark)},
                      std::pair{Theme::contrast, ui.t(say::contrast)}},
           [&](Theme theme) { app.settings.theme = theme; });
    heading(ui, ui.t(say::text_size));
    constexpr int step = 10;
    const int percent = app.settings.text_percent;
    if (ImGui::Button("  –  ") && percent > smallest_text)
        app.settings.text_percent = std::max(smallest_text, percent - step);
    ImGui::SameLine();
    ImGui::AlignTextToFramePadding();
    ImGui::Text("%d %%", percent);
    ImGui::SameLine();
    if (ImGui::Button("  +  ") && percent < largest_text)
        app.settings.text_percent = std::min(largest_text, percent + step);
    heading(ui, ui.t(say::language));
    choose(ui, "language", app.language,
           std::array{std::pair{Language::english, "English"}, std::pair{Language::german, "Deutsch"}},
           [&](Language language) {
               app.settings.language = report::tag_of(language);
               app.set_language(language);
           });
    gap(ui);
    if (ImGui::Button(ui.t(say::close)) || ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_Escape)) ||
        (ImGui::IsMouseClicked(0) &&
         !ImGui::IsWindowHovered(ImGuiHoveredFlags_AllowWhenBlockedByActiveItem) &&
         !ImGui::IsWindowAppearing()))
        app.show_settings = false;
    ImGui::End();
    ImGui::PopStyleVar();
    ImGui::PopStyleColor();
}

void chosen_view(const Ui& ui) {
    switch (ui.app.view) {
        case View::check:
            return check_view(ui);
        case View::fix:
            return fix_view(ui);
        case View::validate:
            return validate_view(ui);
        case View::history:
            return history_view(ui);
        case View::call:
            return call_view(ui);
        case View::learn:
            return learn_view(ui);
        case View::paste:
        case View::count:
            return paste_view(ui);
    }
}

}  // namespace

void draw_window(const Ui& ui) {
    const ImGuiViewport* screen = ImGui::GetMainViewport();
    ImGui::SetNextWindowPos(screen->Pos);
    ImGui::SetNextWindowSize(screen->Size);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
    ImGui::PushStyleVar(ImGuiStyleVar_WindowMinSize, ImVec2(1, 1));
    ImGui::Begin("maildoctor", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                     ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoScrollWithMouse |
                     ImGuiWindowFlags_NoBackground);
    ImGui::PopStyleVar(2);
    const bool signs_only = screen->Size.x < ui.em * narrow_window;
    const float bar = signs_only ? ui.em * 3.6F : ui.em * 11.5F;
    side_bar(ui, bar, signs_only);
    ImGui::SameLine(0, 0);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(ui.em * 1.4F, ui.em * 1.1F));
    ImGui::BeginChild("view", {0, 0}, false,
                      ImGuiWindowFlags_NavFlattened | ImGuiWindowFlags_AlwaysUseWindowPadding);
    ImGui::PopStyleVar();
    chosen_view(ui);
    ImGui::EndChild();
    ImGui::End();
    settings_window(ui);
    if (ui.app.show_help) help_view(ui);
    notice_line(ui);
}

}  // namespace maildoctor::gui
