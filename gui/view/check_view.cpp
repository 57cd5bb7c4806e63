// Check: the form, then the run with its marks and its line of time, the diagnosis on top.
#include <algorithm>

#include "core/report/document.h"
#include "core/report/times.h"
#include "gui/view/views.h"
#include "gui/view/widgets.h"

namespace maildoctor::gui {
namespace {

constexpr float two_columns_from = 58;  // em of the view

const Finding* primary_of(const Report& report) {
    for (const Finding& finding : report.findings)
        if (finding.primary) return &finding;
    return report.findings.empty() ? nullptr : &report.findings.front();
}

CellState state_of(Verdict verdict) {
    return verdict == Verdict::ok        ? CellState::good
           : verdict == Verdict::problem ? CellState::bad
                                         : CellState::unknown;
}

void progress_card(const Ui& ui) {
    CheckModel& check = ui.app.check;
    const Card card(ui, ui.color.accent);
    title(ui, ui.t(check.stage() == CheckStage::stopping ? say::stopping : say::checking));
    const auto done = static_cast<float>(check.done()),
               planned = static_cast<float>(std::max<std::size_t>(check.planned(), 1));
    const std::string count =
        std::to_string(check.done()) + " " + ui.t(say::of) + " " + std::to_string(check.planned());
    ImGui::ProgressBar(std::min(done / planned, 1.0F), {-1, ui.em * 0.6F}, "");
    muted(ui, count + "   " + report::readable_duration(check.elapsed()) + "   " + check.doing());
    if (ImGui::Button(ui.t(say::cancel))) check.cancel();
}

void evidence_lines(const Ui& ui, const Finding& finding) {
    heading(ui, std::string(ui.t(say::why)) + " (" +
                    std::string(report::confidence_phrase(finding.confidence, ui.app.language)) + ")");
    for (const Evidence& evidence : finding.evidence)
        mono(ui, std::string(report::evidence_phrase(evidence.kind, ui.app.language)) + ": " + evidence.text,
             ui.color.muted);
}

void result_buttons(const Ui& ui) {
    App& app = ui.app;
    if (primary_button(ui, ui.t(say::go_fix))) app.show_fix();
    const bool failed = app.fix.repetition().has_value();
    std::vector<const char*> labels = {ui.t(say::copy_ticket), ui.t(say::new_check)};
    if (failed) labels.insert(labels.begin() + 1, ui.t(say::repeat_failed));
    for (const char* label : labels) {
        next_or_wrap(ui, button_width(label));
        if (!ImGui::Button(label)) continue;
        if (label == labels.front())
            app.copy(app.fix.ticket(app.language));
        else if (label == labels.back())
            app.check.reset();
        else
            app.repeat_failed();
        return;
    }
}

void verdict_line(const Ui& ui, const Report& report) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    draw_mark(*ImGui::GetWindowDrawList(), ui, {at.x + ui.em * 0.75F, at.y + ui.em * 0.8F}, ui.em * 0.7F,
              state_of(report.verdict));
    ImGui::SetCursorScreenPos({at.x + ui.em * 2.1F, at.y});
    ImGui::BeginGroup();
    const Finding* finding = primary_of(report);
    if (report.verdict == Verdict::ok && (finding == nullptr || finding->severity != Severity::error))
        title(ui, ui.t(say::all_well));
    else if (finding != nullptr)
        title(ui, finding->title);
    else
        title(ui, report::phrase(report::Phrase::verdict_inconclusive, ui.app.language));
    ImGui::EndGroup();
}

void diagnosis_card(const Ui& ui) {
    const CheckModel& check = ui.app.check;
    const Report& report = *check.report();
    const Finding* finding = primary_of(report);
    const Card card(ui, colour_of(ui.color, state_of(report.verdict)));
    verdict_line(ui, report);
    if (!check.ended()) badge(ui, ui.t(say::so_far), ui.color.accent);
    if (check.was_stopped() && check.ended()) muted(ui, ui.t(say::was_stopped));
    if (finding != nullptr) {
        const std::string subject = report::subject_text(finding->subject, ui.app.language);
        if (!subject.empty()) mono(ui, subject, ui.color.muted);
        paragraph(finding->explanation);
        evidence_lines(ui, *finding);
    }
    if (check.password_wiped()) muted(ui, ui.t(say::no_password_kept));
    if (!check.ended()) return;
    gap(ui, 0.2F);
    result_buttons(ui);
}

void changes_card(const Ui& ui) {
    if (!ui.app.fix.compared() || !ui.app.check.before()) return;
    const Card card(ui, ui.color.accent);
    card_heading(ui, ui.t(say::what_changed));
    if (ui.app.fix.changes().empty()) muted(ui, ui.t(say::nothing_changed));
    for (const Change& change : ui.app.fix.changes()) {
        const ImVec2 at = ImGui::GetCursorScreenPos();
        draw_mark(*ImGui::GetWindowDrawList(), ui, {at.x + ui.em * 0.5F, at.y + ui.em * 0.5F}, ui.em * 0.42F,
                  change.better ? CellState::good : CellState::warning);
        ImGui::SetCursorScreenPos({at.x + ui.em * 1.4F, at.y});
        ImGui::BeginGroup();
        paragraph(change.what + ": " + change.before + (change.before.empty() ? "" : " → ") + change.after);
        ImGui::EndGroup();
    }
}

void rest_card(const Ui& ui) {
    const Report& report = *ui.app.check.report();
    if (report.settings.incoming.empty() && report.settings.outgoing.empty() && report.not_tested.empty())
        return;
    const Card card(ui);
    if (!report.settings.incoming.empty() || !report.settings.outgoing.empty())
        heading(ui, ui.t(say::working_settings));
    for (const auto* side : {&report.settings.incoming, &report.settings.outgoing})
        for (const ServerSetting& setting : *side)
            mono(ui,
                 std::string(report::protocol_name(setting.protocol)) + " " + setting.host.text() + ":" +
                     std::to_string(setting.port.number()) + "  " +
                     std::string(report::security_phrase(setting.security, ui.app.language)),
                 ui.color.good);
    if (report.not_tested.empty()) return;
    heading(ui, ui.t(say::not_tested));
    std::vector<std::string> lines;
    for (const NotTested& entry : report.not_tested)
        lines.push_back(entry.what + ": " + entry.because);
    bullets(ui, lines);
}

}  // namespace

void check_view(const Ui& ui) {
    CheckModel& check = ui.app.check;
    if (check.stage() == CheckStage::form) return check_form(ui);
    const float width = ImGui::GetContentRegionAvail().x;
    const bool wide = width >= ui.em * two_columns_from;
    if (check.report() != nullptr) diagnosis_card(ui);
    if (check.busy()) progress_card(ui);
    changes_card(ui);
    if (wide) {
        begin_pane("marks", {width * 0.6F, 0});
        matrix_table(ui);
        timeline_chart(ui);
        ImGui::EndChild();
        ImGui::SameLine(0, ui.em);
        begin_pane("evidence", {0, 0});
        cell_evidence(ui);
        if (check.ended()) rest_card(ui);
        ImGui::EndChild();
        return;
    }
    matrix_table(ui);
    cell_evidence(ui);
    timeline_chart(ui);
    if (check.ended()) rest_card(ui);
}

}  // namespace maildoctor::gui
