// Learn: the list of words, and the chosen one with its picture.
#include "gui/view/views.h"
#include "gui/view/widgets.h"

namespace maildoctor::gui {
namespace {

void word_list(const Ui& ui) {
    LearnModel& learn = ui.app.learn;
    ImGui::SetNextItemWidth(-1);
    text_field("##find", learn.wanted, ui.t(say::find));
    const auto found = learn.found();
    if (found.empty()) return muted(ui, ui.t(say::nothing_found));
    for (const std::size_t position : found) {
        const Entry& entry = learn.entries()[position];
        if (ImGui::Selectable((entry.title + "##" + entry.id).c_str(), entry.id == learn.chosen))
            learn.chosen = entry.id;
    }
}

void chosen_word(const Ui& ui) {
    LearnModel& learn = ui.app.learn;
    const Entry* entry = learn.entry(learn.chosen);
    if (entry == nullptr) return;
    const Card card(ui);
    title(ui, entry->title);
    gap(ui, 0.2F);
    paragraph(entry->text);
    gap(ui, 0.4F);
    learn_picture(ui, entry->picture);
    if (entry->see.empty()) return;
    heading(ui, ui.t(say::see_also));
    std::vector<const char*> labels;
    std::vector<std::string> ids;
    for (const std::string& id : entry->see) {
        const Entry* other = learn.entry(id);
        if (other == nullptr) continue;
        labels.push_back(other->title.c_str());
        ids.push_back(id);
    }
    if (const int pressed = button_row(ui, labels); pressed >= 0)
        learn.chosen = ids[static_cast<std::size_t>(pressed)];
}

}  // namespace

void learn_view(const Ui& ui) {
    title(ui, ui.t(say::learn_title));
    const float width = ImGui::GetContentRegionAvail().x;
    constexpr float two_columns_from = 50;  // em
    if (width < ui.em * two_columns_from) {
        begin_pane("words", {0, ui.em * 11});
        word_list(ui);
        ImGui::EndChild();
        chosen_word(ui);
        return;
    }
    begin_pane("words", {ui.em * 20, 0});
    word_list(ui);
    ImGui::EndChild();
    ImGui::SameLine(0, ui.em * 1.2F);
    begin_pane("word", {0, 0});
    chosen_word(ui);
    ImGui::EndChild();
}

}  // namespace maildoctor::gui
