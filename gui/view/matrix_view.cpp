// The marks: each server and port with what is known about it, and what was seen behind a mark.
#include <algorithm>
#include <array>

#include "core/report/phrases.h"
#include "gui/model/evidence.h"
#include "gui/view/views.h"
#include "gui/view/widgets.h"

namespace maildoctor::gui {
namespace {

void mark_cell(const Ui& ui, const MatrixRow& row, Step step) {
    const Cell& cell = row.cell(step);
    CellState state = cell.state;
    if (state == CellState::not_asked && row.running && (step == Step::port || step == Step::tls))
        state = CellState::running;
    const Choice choice{.place = row.place(), .step = step};
    const bool chosen = ui.app.check.chosen == choice;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const ImVec2 size{ImGui::GetContentRegionAvail().x, ui.em * 1.7F};
    ImGui::PushID(static_cast<int>(step));
    if (ImGui::InvisibleButton("cell", size) && !cell.seen.empty()) ui.app.check.chosen = choice;
    ImGui::PopID();
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    const bool lit = ImGui::IsItemHovered() || is_chosen_by_keys();
    if (chosen || (lit && !cell.seen.empty()))
        draw.AddRectFilled(at, {at.x + size.x, at.y + size.y},
                           chosen ? ui.color.accent_soft : with_alpha(ui.color.accent_soft, 0.6F),
                           ui.em * 0.25F);
    if (chosen) draw.AddRect(at, {at.x + size.x, at.y + size.y}, ui.color.accent, ui.em * 0.25F, 0, 1.5F);
    draw_mark(draw, ui, {at.x + size.x / 2, at.y + size.y / 2}, ui.em * 0.52F, state);
    if (ImGui::IsItemHovered())
        ImGui::SetTooltip("%s, %s: %s%s%s", row.place().c_str(), words_for(step, ui.app.language),
                          words_for(state, ui.app.language), cell.summary.empty() ? "" : " – ",
                          cell.summary.c_str());
}

void row_head(const Ui& ui, const MatrixRow& row) {
    const std::string protocol =
        row.protocol ? std::string(report::protocol_name(*row.protocol)) : std::string();
    ImGui::AlignTextToFramePadding();
    if (row.typed) ImGui::PushFont(ui.fonts.bold);
    text_of(row.place());
    if (row.typed) ImGui::PopFont();
    if (protocol.empty()) return;
    ImGui::SameLine(0, ui.em * 0.5F);
    ImGui::PushStyleColor(ImGuiCol_Text, ui.color.muted);
    text_of(row.role == Role::mx ? "MX" : protocol);
    ImGui::PopStyleColor();
}

/// As wide as its heading, and wide enough for a mark.
float step_width(const Ui& ui, Step step) {
    return std::max(ui.em * 3.3F, ImGui::CalcTextSize(words_for(step, ui.app.language)).x);
}

void legend(const Ui& ui) {
    constexpr std::array states = {CellState::good, CellState::warning, CellState::bad, CellState::unknown,
                                   CellState::closed};
    bool first = true;
    for (const CellState state : states) {
        const char* words = words_for(state, ui.app.language);
        const float width = ImGui::CalcTextSize(words).x + ui.em * 1.7F;
        if (!first) next_or_wrap(ui, width);
        first = false;
        const ImVec2 at = ImGui::GetCursorScreenPos();
        draw_mark(*ImGui::GetWindowDrawList(), ui, {at.x + ui.em * 0.5F, at.y + ui.em * 0.55F}, ui.em * 0.4F,
                  state);
        ImGui::GetWindowDrawList()->AddText({at.x + ui.em * 1.3F, at.y}, ui.color.muted, words);
        ImGui::Dummy({width, ui.em * 1.1F});
    }
}

ImU32 speaker_colour(const Ui& ui, TranscriptLine::From from) {
    return from == TranscriptLine::From::client   ? ui.color.accent
           : from == TranscriptLine::From::server ? ui.color.text
                                                  : ui.color.muted;
}

void show_transcript(const Ui& ui, const SeenFacts& seen) {
    if (seen.spoken.empty()) return;
    heading(ui, ui.t(say::transcript));
    for (const SpokenLine& line : seen.spoken) {
        const char* who = line.from == TranscriptLine::From::client   ? "C"
                          : line.from == TranscriptLine::From::server ? "S"
                                                                      : "#";
        mono(ui, std::string(who) + " +" + std::to_string(line.at_ms) + " ms  " + line.text,
             speaker_colour(ui, line.from));
    }
}

void show_facts(const Ui& ui, const SeenFacts& seen) {
    if (!ImGui::BeginTable("facts", 2, ImGuiTableFlags_None)) return;
    ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthFixed, ui.em * 7.5F);
    ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthStretch);
    for (const FactLine& line : seen.facts) {
        ImGui::TableNextRow();
        ImGui::TableNextColumn();
        muted(ui, line.label);
        ImGui::TableNextColumn();
        coloured(line.fault ? ui.color.bad : ui.color.text, line.text);
    }
    ImGui::EndTable();
}

}  // namespace

void matrix_table(const Ui& ui) {
    const Card card(ui);
    card_heading(ui, ui.t(say::matrix));
    const auto& rows = ui.app.check.matrix().rows();
    if (ImGui::BeginTable("matrix", 1 + static_cast<int>(step_count), ImGuiTableFlags_BordersInnerH)) {
        ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthStretch);
        for (std::size_t i = 0; i < step_count; ++i)
            ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthFixed,
                                    step_width(ui, static_cast<Step>(i)));
        ImGui::TableNextRow();
        ImGui::TableNextColumn();
        for (std::size_t i = 0; i < step_count; ++i) {
            ImGui::TableNextColumn();
            const char* words = words_for(static_cast<Step>(i), ui.app.language);
            const float space = ImGui::GetContentRegionAvail().x - ImGui::CalcTextSize(words).x;
            ImGui::SetCursorPosX(ImGui::GetCursorPosX() + std::max(space / 2, 0.0F));
            ImGui::PushStyleColor(ImGuiCol_Text, ui.color.muted);
            text_of(words);
            ImGui::PopStyleColor();
        }
        for (std::size_t r = 0; r < rows.size(); ++r) {
            ImGui::PushID(static_cast<int>(r));
            ImGui::TableNextRow();
            ImGui::TableNextColumn();
            row_head(ui, rows[r]);
            for (std::size_t i = 0; i < step_count; ++i) {
                ImGui::TableNextColumn();
                mark_cell(ui, rows[r], static_cast<Step>(i));
            }
            ImGui::PopID();
        }
        ImGui::EndTable();
    }
    legend(ui);
}

void cell_evidence(const Ui& ui) {
    const Card card(ui);
    card_heading(ui, ui.t(say::evidence));
    const Cell* cell = ui.app.check.chosen_cell();
    if (cell == nullptr || cell->seen.empty()) return muted(ui, ui.t(say::click_cell));
    for (std::size_t i = 0; i < cell->seen.size(); ++i) {
        const SeenFacts seen = evidence_of(*cell->seen[i], ui.app.language);
        ImGui::PushID(static_cast<int>(i));
        mono(ui, seen.heading, ui.color.accent);
        show_facts(ui, seen);
        show_transcript(ui, seen);
        ImGui::PopID();
    }
}

}  // namespace maildoctor::gui
