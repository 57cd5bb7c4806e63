// Fix: the steps to tick off, the guide of the mail program, and what to hand on.

#include "gui/view/views.h"
#include "gui/view/widgets.h"

namespace maildoctor::gui {
namespace {

constexpr float two_columns_from = 58;  // em of the view

void hand_on(const Ui& ui) {
    App& app = ui.app;
    if (primary_button(ui, ui.t(say::copy_customer))) app.copy(app.fix.for_customer());
    std::vector<const char*> labels = {ui.t(say::copy_ticket)};
    if (app.fix.from_a_report()) labels.insert(labels.end(), {ui.t(say::save_html), ui.t(say::save_json)});
    const bool can_repeat = app.check.ended() && app.fix.repetition();
    if (can_repeat) labels.push_back(ui.t(say::repeat_failed));
    for (std::size_t i = 0; i < labels.size(); ++i) {
        next_or_wrap(ui, button_width(labels[i]));
        if (!ImGui::Button(labels[i])) continue;
        if (i == 0)
            app.copy(app.fix.ticket(app.language));
        else if (i == 1)
            app.save(app.fix.file_stem() + ".html", app.fix.html(app.language));
        else if (i == 2)
            app.save(app.fix.file_stem() + ".json", app.fix.json());
        else
            app.repeat_failed();
        return;
    }
}

void steps_part(const Ui& ui) {
    App& app = ui.app;
    {
        const Card card(ui, ui.color.accent);
        title(ui, app.fix.title());
        paragraph(app.fix.meaning());
        gap(ui, 0.2F);
        hand_on(ui);
    }
    if (!app.fix.steps().empty()) {
        const Card card(ui);
        card_heading(ui, report::phrase(report::ExplanationPhrase::do_now, app.language));
        tick_steps(ui, "steps", app.fix.steps());
    }
    const Card card(ui);
    card_heading(ui, ui.t(say::mail_program));
    program_choice(ui, "##program", ui.t(say::any_program),
                   std::min(ImGui::GetContentRegionAvail().x, ui.em * 22));
    if (app.fix.guide().empty()) return muted(ui, ui.t(say::no_guide));
    heading(ui, ui.t(say::set_up) + app.fix.guide_name());
    tick_steps(ui, "guide", app.fix.guide());
}

void finding_card(const Ui& ui, const FindingCard& finding, int number) {
    ImGui::PushID(number);
    const ImU32 colour = finding.severity == Severity::error     ? ui.color.bad
                         : finding.severity == Severity::warning ? ui.color.warning
                                                                 : ui.color.unknown;
    const Card card(ui, colour);
    badge(ui, report::severity_phrase(finding.severity, ui.app.language), colour);
    ImGui::PushFont(ui.fonts.bold);
    paragraph(finding.title);
    ImGui::PopFont();
    if (!finding.subject.empty()) mono(ui, finding.subject, ui.color.muted);
    for (const std::string& seen : finding.seen)
        muted(ui, seen);
    if (!finding.primary) paragraph(finding.explanation);
    if (!finding.steps.empty()) {
        heading(ui, std::string(ui.t(say::who_acts)) + ": " + finding.actor);
        steps(ui, finding.steps);
    }
    if (!finding.message.empty()) {
        const std::string label = ui.t(say::message_to) + finding.actor;
        if (ImGui::Button(label.c_str())) ui.app.copy(finding.message);
    }
    ImGui::PopID();
}

void findings_part(const Ui& ui) {
    heading(ui, ui.t(say::findings));
    int number = 0;
    for (const FindingCard& finding : ui.app.fix.findings())
        finding_card(ui, finding, number++);
}

}  // namespace

void fix_view(const Ui& ui) {
    if (ui.app.fix.empty()) {
        title(ui, ui.t(say::fix_title));
        muted(ui, ui.t(say::nothing_to_fix));
        return;
    }
    const float width = ImGui::GetContentRegionAvail().x;
    if (width < ui.em * two_columns_from) {
        steps_part(ui);
        findings_part(ui);
        return;
    }
    begin_pane("steps", {width * 0.55F, 0});
    steps_part(ui);
    ImGui::EndChild();
    ImGui::SameLine(0, ui.em * 1.2F);
    begin_pane("findings", {0, 0});
    findings_part(ui);
    ImGui::EndChild();
}

}  // namespace maildoctor::gui
