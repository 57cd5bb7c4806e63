// Validate: a list of domains becomes a table.
#include <imgui.h>
#include <imgui_stdlib.h>

#include <algorithm>
#include <array>

#include "core/report/times.h"
#include "gui/view/views.h"
#include "gui/view/widgets.h"

namespace maildoctor::gui {
namespace {

void list_input(const Ui& ui) {
    ValidateModel& validate = ui.app.validate;
    title(ui, ui.t(say::validate_title));
    muted(ui, ui.t(say::validate_hint));
    ImGui::InputTextMultiline("##domains", &validate.text, {-1, ui.em * 12});
    if (primary_button(ui, ui.t(say::start))) ui.app.start_validation();
}

void head_line(const Ui& ui) {
    ValidateModel& validate = ui.app.validate;
    title(ui, std::to_string(validate.done()) + " " + ui.t(say::of) + " " + std::to_string(validate.size()) +
                  " " + ui.t(say::domains));
    ImGui::ProgressBar(
        static_cast<float>(validate.done()) / static_cast<float>(std::max<std::size_t>(validate.size(), 1)),
        {-1, ui.em * 0.5F}, "");
    ImGui::SetNextItemWidth(ui.em * 14);
    if (text_field("##filter", validate.filter, ui.t(say::filter))) validate.refresh();
    const std::array labels = {validate.running() ? ui.t(say::cancel) : ui.t(say::edit_list),
                               ui.t(say::export_csv), ui.t(say::export_html), ui.t(say::export_json)};
    for (std::size_t i = 0; i < labels.size(); ++i) {
        next_or_wrap(ui, button_width(labels[i]));
        if (!ImGui::Button(labels[i])) continue;
        if (i == 0 && validate.running())
            validate.cancel();
        else if (i == 0)
            validate.clear();
        else if (i == 1)
            ui.app.save_table(Export::csv);
        else if (i == 2)
            ui.app.save_table(Export::html);
        else
            ui.app.save_table(Export::json);
        return;
    }
}

CellState state_of(const DomainRow& row) {
    if (row.state == RowState::waiting) return CellState::not_asked;
    if (row.state == RowState::running) return CellState::running;
    return row.verdict == Verdict::ok        ? CellState::good
           : row.verdict == Verdict::problem ? CellState::bad
                                             : CellState::unknown;
}

/// One row; only rows in sight get here.
void table_row(const Ui& ui, std::uint32_t position) {
    const DomainRow& row = ui.app.validate.row(position);
    ImGui::PushID(static_cast<int>(position));
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    if (ImGui::Selectable(row.domain.c_str(), false,
                          ImGuiSelectableFlags_SpanAllColumns | ImGuiSelectableFlags_AllowDoubleClick) &&
        (ImGui::IsMouseDoubleClicked(0) || !ImGui::IsMouseReleased(0)))
        ui.app.show_row(position);
    ImGui::TableNextColumn();
    const ImVec2 at = ImGui::GetCursorScreenPos();
    draw_mark(*ImGui::GetWindowDrawList(), ui, {at.x + ui.em * 0.5F, at.y + ui.em * 0.55F}, ui.em * 0.4F,
              state_of(row));
    ImGui::SetCursorScreenPos({at.x + ui.em * 1.3F, at.y});
    ImGui::TextUnformatted(words_for(row, ui.app.language));
    ImGui::TableNextColumn();
    text_of(row.primary);
    ImGui::TableNextColumn();
    text_of(row.actor);
    for (const std::size_t number : {row.warnings, row.settings, row.questions}) {
        ImGui::TableNextColumn();
        if (row.state == RowState::done) ImGui::Text("%zu", number);
    }
    ImGui::TableNextColumn();
    if (row.state == RowState::done) text_of(report::readable_duration(row.took));
    ImGui::PopID();
}

void take_sorting(ValidateModel& validate) {
    ImGuiTableSortSpecs* specs = ImGui::TableGetSortSpecs();
    if (specs == nullptr || !specs->SpecsDirty) return;
    if (specs->SpecsCount > 0)
        validate.sort_by(static_cast<Column>(specs->Specs[0].ColumnIndex),
                         specs->Specs[0].SortDirection == ImGuiSortDirection_Ascending);
    specs->SpecsDirty = false;
}

void table(const Ui& ui) {
    ValidateModel& validate = ui.app.validate;
    constexpr ImGuiTableFlags flags = ImGuiTableFlags_Sortable | ImGuiTableFlags_ScrollY |
                                      ImGuiTableFlags_ScrollX | ImGuiTableFlags_RowBg |
                                      ImGuiTableFlags_BordersInnerH | ImGuiTableFlags_Resizable |
                                      ImGuiTableFlags_SortTristate | ImGuiTableFlags_PadOuterX;
    if (!ImGui::BeginTable("domains", static_cast<int>(column_count), flags)) return;
    struct Head {
        Text text;
        float width;
    };
    const std::array<Head, column_count> heads = {{{say::domain, 12},
                                                   {say::result, 6.5F},
                                                   {say::main_cause, 17},
                                                   {say::who_acts, 7.5F},
                                                   {say::warnings, 5.2F},
                                                   {say::settings_found, 5.8F},
                                                   {say::checks, 5.2F},
                                                   {say::took, 4.2F}}};
    ImGui::TableSetupScrollFreeze(1, 1);
    for (const Head& head : heads)
        ImGui::TableSetupColumn(ui.t(head.text),
                                ImGuiTableColumnFlags_WidthFixed | ImGuiTableColumnFlags_NoHide,
                                ui.em * head.width);
    ImGui::TableHeadersRow();
    take_sorting(validate);
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(validate.shown().size()));
    while (clipper.Step())
        for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i)
            table_row(ui, validate.shown()[static_cast<std::size_t>(i)]);
    ImGui::EndTable();
}

}  // namespace

void validate_view(const Ui& ui) {
    if (ui.app.validate.size() == 0) return list_input(ui);
    head_line(ui);
    table(ui);
}

}  // namespace maildoctor::gui
