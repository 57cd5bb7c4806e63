// History: earlier runs, and two of them side by side.
#include "gui/view/views.h"
#include "gui/view/widgets.h"

namespace maildoctor::gui {
namespace {

CellState state_of(const PastRun& run) {
    return run.verdict == "ok"        ? CellState::good
           : run.verdict == "problem" ? CellState::bad
                                      : CellState::unknown;
}

void run_row(const Ui& ui, const PastRun& run) {
    HistoryModel& history = ui.app.history;
    ImGui::PushID(static_cast<int>(run.id));
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    bool chosen = history.is_chosen(run.id);
    if (check_box(ui, "##chosen", chosen)) history.choose(run.id);
    ImGui::SameLine();
    text_of(run.when);
    ImGui::TableNextColumn();
    text_of(run.about);
    ImGui::TableNextColumn();
    const ImVec2 at = ImGui::GetCursorScreenPos();
    draw_mark(*ImGui::GetWindowDrawList(), ui, {at.x + ui.em * 0.5F, at.y + ui.em * 0.55F}, ui.em * 0.4F,
              state_of(run));
    ImGui::SetCursorScreenPos({at.x + ui.em * 1.3F, at.y});
    text_of(run.verdict == "ok"        ? ui.t(say::ok)
            : run.verdict == "problem" ? ui.t(say::problem)
                                       : ui.t(say::inconclusive));
    ImGui::TableNextColumn();
    text_of(run.cause);
    ImGui::PopID();
}

void run_table(const Ui& ui) {
    const Card card(ui);
    if (!ImGui::BeginTable("runs", 4, ImGuiTableFlags_BordersInnerH)) return;
    ImGui::TableSetupColumn(ui.t(say::when), ImGuiTableColumnFlags_WidthFixed, ui.em * 14);
    ImGui::TableSetupColumn(ui.t(say::about));
    ImGui::TableSetupColumn(ui.t(say::result), ImGuiTableColumnFlags_WidthFixed, ui.em * 8);
    ImGui::TableSetupColumn(ui.t(say::main_cause));
    ImGui::TableHeadersRow();
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(ui.app.history.runs().size()));
    while (clipper.Step())
        for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i)
            run_row(ui, ui.app.history.runs()[static_cast<std::size_t>(i)]);
    ImGui::EndTable();
}

void differences(const Ui& ui) {
    const HistoryModel& history = ui.app.history;
    if (!history.compared()) return muted(ui, ui.t(say::choose_two));
    const Card card(ui, ui.color.accent);
    card_heading(ui, ui.t(say::what_changed));
    if (history.differences().empty()) return muted(ui, ui.t(say::same));
    if (!ImGui::BeginTable("differences", 3, ImGuiTableFlags_BordersInnerH)) return;
    ImGui::TableSetupColumn("");
    ImGui::TableSetupColumn(ui.t(say::before));
    ImGui::TableSetupColumn(ui.t(say::now));
    ImGui::TableHeadersRow();
    for (const PastDifference& difference : history.differences()) {
        ImGui::TableNextRow();
        ImGui::TableNextColumn();
        paragraph(difference.what);
        ImGui::TableNextColumn();
        coloured(ui.color.muted, difference.before);
        ImGui::TableNextColumn();
        paragraph(difference.after);
    }
    ImGui::EndTable();
}

}  // namespace

void history_view(const Ui& ui) {
    HistoryModel& history = ui.app.history;
    title(ui, ui.t(say::history_title));
    check_box(ui, ui.t(say::keep_runs), ui.app.settings.keep_runs);
    ImGui::SetNextItemWidth(ui.em * 16);
    if (text_field("##wanted", history.wanted, ui.t(say::filter), ImGuiInputTextFlags_EnterReturnsTrue))
        ui.app.go(View::history);
    if (history.chosen_count() == 2) {
        next_or_wrap(ui, button_width(ui.t(say::compare)));
        if (primary_button(ui, ui.t(say::compare)))
            if (const std::string fault = history.compare(); !fault.empty()) ui.app.tell(fault, true);
    }
    if (history.runs().empty()) return muted(ui, ui.t(say::history_empty));
    run_table(ui);
    differences(ui);
}

}  // namespace maildoctor::gui
