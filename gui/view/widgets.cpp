#include "gui/view/widgets.h"

#include <imgui_internal.h>
#include <imgui_stdlib.h>

#include <algorithm>

namespace maildoctor::gui {

Card::Card(const Ui& ui, ImU32 accent)
    : ui_(ui),
      accent_(accent),
      start_(ImGui::GetCursorScreenPos()),
      width_(ImGui::GetContentRegionAvail().x) {
    ImGuiWindow* window = ImGui::GetCurrentWindow();
    layers_.Split(window->DrawList, 2);
    layers_.SetCurrentChannel(window->DrawList, 1);
    const float padding = ui.em;
    kept_work_ = window->WorkRect.Max.x;
    kept_content_ = window->ContentRegionRect.Max.x;
    window->WorkRect.Max.x = window->ContentRegionRect.Max.x = start_.x + width_ - padding;
    ImGui::SetCursorScreenPos({start_.x + padding, start_.y + padding * 0.85F});
    ImGui::BeginGroup();
}

Card::~Card() {
    ImGui::EndGroup();
    ImGuiWindow* window = ImGui::GetCurrentWindow();
    window->WorkRect.Max.x = kept_work_;
    window->ContentRegionRect.Max.x = kept_content_;
    const float bottom = ImGui::GetItemRectMax().y + ui_.em * 0.85F;
    layers_.SetCurrentChannel(window->DrawList, 0);
    const ImVec2 end{start_.x + width_, bottom};
    const float round = ui_.em * 0.4F;
    window->DrawList->AddRectFilled(start_, end, ui_.color.surface, round);
    if (accent_ != 0)
        window->DrawList->AddRectFilled(start_, {start_.x + ui_.em * 0.35F, bottom}, accent_, round,
                                        ImDrawFlags_RoundCornersLeft);
    window->DrawList->AddRect(start_, end, ui_.color.border, round, 0, ImGui::GetStyle().FrameBorderSize);
    layers_.Merge(window->DrawList);
    ImGui::SetCursorScreenPos(start_);
    ImGui::Dummy({width_, bottom - start_.y});
    ImGui::Dummy({0, ui_.em * 0.1F});
}

bool begin_pane(const char* id, ImVec2 size) {
    return ImGui::BeginChild(id, size, false, ImGuiWindowFlags_NavFlattened);
}

void title(const Ui& ui, std::string_view text) {
    ImGui::PushFont(ui.fonts.title);
    paragraph(text);
    ImGui::PopFont();
}

void heading(const Ui& ui, std::string_view text) {
    gap(ui, 0.2F);
    card_heading(ui, text);
}

void card_heading(const Ui& ui, std::string_view text) {
    ImGui::PushFont(ui.fonts.bold);
    paragraph(text);
    ImGui::PopFont();
}

void paragraph(std::string_view text) {
    ImGui::PushTextWrapPos(0);
    text_of(text);
    ImGui::PopTextWrapPos();
}

void coloured(ImU32 colour, std::string_view text) {
    ImGui::PushStyleColor(ImGuiCol_Text, colour);
    paragraph(text);
    ImGui::PopStyleColor();
}

void muted(const Ui& ui, std::string_view text) {
    coloured(ui.color.muted, text);
}

void mono(const Ui& ui, std::string_view text, ImU32 colour) {
    ImGui::PushFont(ui.fonts.mono);
    coloured(colour, text);
    ImGui::PopFont();
}

void gap(const Ui& ui, float lines) {
    ImGui::Dummy({0, ui.em * lines});
}

bool primary_button(const Ui& ui, const char* label) {
    ImGui::PushStyleColor(ImGuiCol_Button, ui.color.accent);
    ImGui::PushStyleColor(ImGuiCol_ButtonHovered, with_alpha(ui.color.accent, 0.85F));
    ImGui::PushStyleColor(ImGuiCol_ButtonActive, with_alpha(ui.color.accent, 0.7F));
    ImGui::PushStyleColor(ImGuiCol_Text, ui.color.on_accent);
    ImGui::PushFont(ui.fonts.bold);
    const bool pressed = ImGui::Button(label);
    ImGui::PopFont();
    ImGui::PopStyleColor(4);
    return pressed;
}

float button_width(const char* label) {
    return ImGui::CalcTextSize(label, nullptr, true).x + ImGui::GetStyle().FramePadding.x * 2;
}

void next_or_wrap(const Ui& ui, float width) {
    const ImGuiWindow* window = ImGui::GetCurrentWindow();
    const float after = ImGui::GetItemRectMax().x + ui.em * 0.6F + width;
    if (after < window->WorkRect.Max.x) ImGui::SameLine(0, ui.em * 0.6F);
}

int button_row(const Ui& ui, const std::vector<const char*>& labels) {
    int pressed = -1;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (i > 0) next_or_wrap(ui, button_width(labels[i]));
        if (ImGui::Button(labels[i])) pressed = static_cast<int>(i);
    }
    return pressed;
}

namespace {

/// A disc with a number; the text beside it is begun at its right.
void number_disc(const Ui& ui, std::size_t number, bool done) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float radius = ui.em * 0.72F;
    const ImVec2 centre{at.x + radius, at.y + ui.em * 0.55F};
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    draw.AddCircleFilled(centre, radius, done ? ui.color.good : ui.color.accent_soft);
    const std::string digits = std::to_string(number);
    const ImVec2 size = ImGui::CalcTextSize(digits.c_str());
    draw.AddText({centre.x - size.x / 2, centre.y - size.y / 2}, done ? ui.color.surface : ui.color.accent,
                 digits.c_str());
    ImGui::SetCursorScreenPos({at.x + radius * 2 + ui.em * 0.55F, at.y});
}

}  // namespace

void steps(const Ui& ui, const std::vector<std::string>& texts) {
    for (std::size_t i = 0; i < texts.size(); ++i) {
        number_disc(ui, i + 1, false);
        ImGui::BeginGroup();
        paragraph(texts[i]);
        ImGui::EndGroup();
        gap(ui, 0.05F);
    }
}

bool check_box(const Ui& ui, const char* label, bool& value) {
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(ui.em * 0.15F, ui.em * 0.08F));
    const bool changed = ImGui::Checkbox(label, &value);
    ImGui::PopStyleVar();
    return changed;
}

bool tick_steps(const Ui& ui, const char* id, std::vector<TickStep>& texts) {
    bool changed = false;
    ImGui::PushID(id);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        ImGui::PushID(static_cast<int>(i));
        if (check_box(ui, "##done", texts[i].done)) changed = true;
        ImGui::SameLine(0, ui.em * 0.6F);
        number_disc(ui, i + 1, texts[i].done);
        ImGui::BeginGroup();
        if (texts[i].done)
            muted(ui, texts[i].text);
        else
            paragraph(texts[i].text);
        ImGui::EndGroup();
        gap(ui, 0.1F);
        ImGui::PopID();
    }
    ImGui::PopID();
    return changed;
}

void bullets(const Ui& ui, const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
        const ImVec2 at = ImGui::GetCursorScreenPos();
        ImGui::GetWindowDrawList()->AddCircleFilled({at.x + ui.em * 0.4F, at.y + ui.em * 0.52F},
                                                    ui.em * 0.14F, ui.color.muted);
        ImGui::SetCursorScreenPos({at.x + ui.em, at.y});
        ImGui::BeginGroup();
        paragraph(text);
        ImGui::EndGroup();
    }
}

void badge(const Ui& ui, std::string_view text, ImU32 colour) {
    const ImVec2 size = ImGui::CalcTextSize(text.data(), text.data() + text.size());
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const ImVec2 end{at.x + size.x + ui.em, at.y + size.y + ui.em * 0.25F};
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    draw.AddRectFilled(at, end, with_alpha(colour, 0.14F), ui.em * 0.7F);
    draw.AddRect(at, end, with_alpha(colour, 0.7F), ui.em * 0.7F);
    draw.AddText({at.x + ui.em * 0.5F, at.y + ui.em * 0.125F}, colour, text.data(),
                 text.data() + text.size());
    ImGui::Dummy({end.x - at.x, end.y - at.y});
}

bool is_chosen_by_keys() {
    return !ImGui::GetCurrentContext()->NavDisableHighlight && ImGui::IsItemFocused();
}

bool text_field(const char* id, std::string& text, const char* hint, ImGuiInputTextFlags flags) {
    return hint != nullptr ? ImGui::InputTextWithHint(id, hint, &text, flags)
                           : ImGui::InputText(id, &text, flags);
}

void program_choice(const Ui& ui, const char* id, const char* any, float width) {
    const auto& programs = ui.app.programs();
    const auto chosen = std::ranges::find(programs, ui.app.fix.program, &report::GuideName::id);
    ImGui::SetNextItemWidth(width);
    if (!ImGui::BeginCombo(id, chosen == programs.end() ? any : chosen->name.c_str(),
                           ImGuiComboFlags_HeightLarge))
        return;
    if (ImGui::Selectable(any, chosen == programs.end())) ui.app.set_program("");
    for (const report::GuideName& program : programs) {
        const bool is_chosen = program.id == ui.app.fix.program;
        if (ImGui::Selectable(program.name.c_str(), is_chosen)) {
            ui.app.set_program(program.id);
            break;
        }
        if (is_chosen) ImGui::SetItemDefaultFocus();
    }
    ImGui::EndCombo();
}

}  // namespace maildoctor::gui
