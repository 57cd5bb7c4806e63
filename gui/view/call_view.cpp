// The call script: one question, answers to click, and what they point to so far.
#include <algorithm>

#include "gui/view/views.h"
#include "gui/view/widgets.h"

namespace maildoctor::gui {
namespace {

constexpr float two_columns_from = 54;  // em of the view

void question_card(const Ui& ui, std::size_t number) {
    CallScript& call = ui.app.call;
    const Card card(ui, ui.color.accent);
    muted(ui, ui.t(say::call_hint));
    title(ui, ui.t(call.question(number)));
    gap(ui, 0.2F);
    const auto answers = call.answers(number);
    std::vector<const char*> labels;
    for (const Text& answer : answers)
        labels.push_back(ui.t(answer));
    labels.push_back(ui.t(say::call_unknown));
    if (const int pressed = button_row(ui, labels); pressed >= 0)
        call.answer(number, static_cast<std::size_t>(pressed));
}

void end_card(const Ui& ui) {
    CallScript& call = ui.app.call;
    const Card card(ui, call.is_clear() ? ui.color.good : ui.color.warning);
    muted(ui, ui.t(call.is_clear() ? say::call_done : say::call_open));
    title(ui, call.suspects(ui.app.language).front().title);
    if (primary_button(ui, ui.t(say::go_fix))) ui.app.finish_call();
    next_or_wrap(ui, button_width(ui.t(say::call_check)));
    if (ImGui::Button(ui.t(say::call_check))) {
        ui.app.check.reset();
        ui.app.go(View::check);
    }
}

void given_answers(const Ui& ui) {
    CallScript& call = ui.app.call;
    if (call.given().empty()) return;
    const Card card(ui);
    card_heading(ui, ui.t(say::call_answers));
    for (const CallScript::Given& given : call.given()) {
        const auto answers = call.answers(given.question);
        muted(ui, ui.t(call.question(given.question)));
        ImGui::PushFont(ui.fonts.bold);
        paragraph(given.choice < answers.size() ? ui.t(answers[given.choice]) : ui.t(say::call_unknown));
        ImGui::PopFont();
    }
    const int pressed = button_row(ui, {ui.t(say::call_back), ui.t(say::call_restart)});
    if (pressed == 0) call.back();
    if (pressed == 1) call.restart();
}

void suspects(const Ui& ui) {
    const Card card(ui);
    card_heading(ui, ui.t(say::call_likely));
    for (const Suspect& suspect : ui.app.call.suspects(ui.app.language)) {
        paragraph(suspect.title);
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float all = ImGui::GetContentRegionAvail().x - ui.em * 4;
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        const float height = ui.em * 0.55F;
        draw.AddRectFilled(at, {at.x + all, at.y + height}, ui.color.accent_soft, height / 2);
        const float filled = std::max(all * static_cast<float>(suspect.share), height);
        draw.AddRectFilled(at, {at.x + filled, at.y + height}, ui.color.accent, height / 2);
        const std::string percent = std::to_string(static_cast<int>(suspect.share * 100 + 0.5)) + " %";
        draw.AddText({at.x + all + ui.em * 0.6F, at.y - ui.em * 0.3F}, ui.color.muted, percent.c_str());
        ImGui::Dummy({all, height});
        gap(ui, 0.2F);
    }
}

}  // namespace

void call_view(const Ui& ui) {
    title(ui, ui.t(say::call_title));
    const float width = ImGui::GetContentRegionAvail().x;
    const bool wide = width >= ui.em * two_columns_from;
    if (wide) begin_pane("question", {width * 0.58F, 0});
    if (const auto next = ui.app.call.next())
        question_card(ui, *next);
    else
        end_card(ui);
    given_answers(ui);
    if (wide) {
        ImGui::EndChild();
        ImGui::SameLine(0, ui.em);
        begin_pane("suspects", {0, 0});
    }
    suspects(ui);
    if (wide) ImGui::EndChild();
}

}  // namespace maildoctor::gui
