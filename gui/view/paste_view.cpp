// Paste: the error on the left, what it means on the right, while it is being typed.
#include <imgui.h>
#include <imgui_stdlib.h>

#include "gui/model/scenes.h"
#include "gui/view/views.h"
#include "gui/view/widgets.h"

namespace maildoctor::gui {
namespace {

using Say = report::ExplanationPhrase;

constexpr float two_columns_from = 62;  // em of the view

std::string_view said(const Ui& ui, Say which) {
    return report::phrase(which, ui.app.language);
}

void input_part(const Ui& ui) {
    PasteModel& paste = ui.app.paste;
    title(ui, ui.t(say::paste_title));
    muted(ui, ui.t(say::paste_hint));
    const float lines = paste.has_answer() ? 4.2F : 12;
    if (ui.app.focus_paste) {
        ImGui::SetKeyboardFocusHere();
        ui.app.focus_paste = false;
    }
    if (ImGui::InputTextMultiline("##text", &paste.text, {-1, ui.em * lines})) {
        if (paste.text.size() > longest_paste)
            paste.put(paste.text);
        else
            paste.text_changed();
    }
    if (paste.text.empty()) {
        if (ImGui::Button(ui.t(say::paste_try))) paste.put(example_text());
    } else if (ImGui::Button(ui.t(say::clear))) {
        paste.put("");
        ui.app.focus_paste = true;
    }
    next_or_wrap(ui, ui.em * 15);
    program_choice(ui, "##program", ui.t(say::automatic), ui.em * 15);
    if (paste.was_cut()) muted(ui, ui.t(say::cut_text));
}

void decided_part(const Ui& ui) {
    const PasteModel& paste = ui.app.paste;
    const Card card(ui);
    card_heading(ui, ui.t(say::decided));
    highlighted_text(ui, paste.clues().text, paste.said().decided_by);
    if (paste.said().codes.empty()) return;
    heading(ui, said(ui, Say::codes));
    for (const report::CodeLine& code : paste.said().codes) {
        mono(ui, code.code, ui.color.accent);
        paragraph(code.meaning + " (" + code.origin + ")");
    }
}

void server_part(const Ui& ui) {
    PasteModel& paste = ui.app.paste;
    if (paste.asking()) {
        coloured(ui.color.accent, ui.t(say::asking));
        if (ImGui::Button(ui.t(say::cancel))) paste.stop_asking();
        return;
    }
    if (paste.report()) {
        const Card card(ui, paste.report()->verdict == Verdict::ok ? ui.color.good : ui.color.warning);
        ImGui::PushFont(ui.fonts.bold);
        paragraph(paste.verdict(ui.app.language));
        ImGui::PopFont();
        if (ImGui::Button(ui.t(say::show_details))) ui.app.show_server_report();
    }
}

void buttons(const Ui& ui) {
    PasteModel& paste = ui.app.paste;
    if (primary_button(ui, ui.t(say::copy_ticket))) ui.app.copy(paste.ticket(ui.app.language));
    std::vector<const char*> labels;
    const bool steps_known = !paste.for_customer().empty();
    if (steps_known) labels.push_back(ui.t(say::copy_customer));
    if (paste.said().known) labels.push_back(ui.t(say::go_fix));
    const bool can_ask = paste.can_ask() && !paste.asking();
    if (can_ask) labels.push_back(ui.t(say::ask_server));
    for (const char* label : labels) {
        next_or_wrap(ui, button_width(label));
        if (!ImGui::Button(label)) continue;
        if (label == ui.t(say::copy_customer))
            ui.app.copy(paste.for_customer());
        else if (label == ui.t(say::go_fix))
            ui.app.show_fix();
        else
            ui.app.ask_server();
    }
}

void fixes_part(const Ui& ui, const report::Explanation& told) {
    for (const Fix& fix : told.text.fixes) {
        heading(ui, said(ui, fix.audience == Audience::user       ? Say::do_now
                             : fix.audience == Audience::helpdesk ? Say::helpdesk
                                                                  : Say::operator_));
        steps(ui, fix.steps);
    }
    if (!told.facts.empty()) heading(ui, said(ui, Say::provider));
    for (const knowledge::ProviderFact& fact : told.facts)
        paragraph(fact.text + " (" + std::string(said(ui, Say::checked)) + " " + fact.checked + ")");
}

void answer_part(const Ui& ui) {
    const report::Explanation& told = ui.app.paste.said();
    {
        const Card card(ui, told.known ? ui.color.accent : ui.color.unknown);
        if (!told.secret_warning.empty()) coloured(ui.color.bad, told.secret_warning);
        if (!told.known) {
            title(ui, told.remark);
        } else {
            title(ui, told.text.title);
            if (!told.remark.empty()) muted(ui, told.remark);
            badge(ui, report::confidence_phrase(told.confidence, ui.app.language),
                  told.confidence == Confidence::certain ? ui.color.good : ui.color.warning);
            gap(ui, 0.1F);
            paragraph(told.text.meaning);
        }
        gap(ui, 0.2F);
        buttons(ui);
    }
    server_part(ui);
    if (!told.known) return;
    {
        const Card card(ui);
        fixes_part(ui, told);
    }
    if (told.text.why.empty() && told.less_likely.empty()) return;
    const Card card(ui);
    if (!told.text.why.empty()) {
        heading(ui, said(ui, Say::why));
        bullets(ui, told.text.why);
    }
    if (!told.less_likely.empty()) {
        heading(ui, said(ui, Say::also));
        bullets(ui, told.less_likely);
    }
}

}  // namespace

void paste_view(const Ui& ui) {
    const float width = ImGui::GetContentRegionAvail().x;
    const bool answer = ui.app.paste.has_answer();
    if (width < ui.em * two_columns_from || !answer) {
        input_part(ui);
        if (!answer) return;
        answer_part(ui);
        decided_part(ui);
        return;
    }
    const float left = width * 0.42F;
    begin_pane("left", {left, 0});
    input_part(ui);
    decided_part(ui);
    ImGui::EndChild();
    ImGui::SameLine(0, ui.em * 1.4F);
    begin_pane("right", {0, 0});
    answer_part(ui);
    ImGui::EndChild();
}

}  // namespace maildoctor::gui
