// The keys, on top of everything.
#include <array>

#include "gui/view/views.h"
#include "gui/view/widgets.h"

namespace maildoctor::gui {
namespace {

struct Key {
    const char* keys;
    Text what;
};
constexpr std::array keys = {
    Key{"Ctrl+V",
        {"paste an error message, wherever no field has the keyboard",
         "eine Fehlermeldung einfügen, wo gerade kein Feld die Tastatur hat"}},
    Key{"Ctrl+1 … Ctrl+7", {"choose a view", "eine Ansicht wählen"}},
    Key{"Tab, Shift+Tab", {"to the next and the previous field", "zum nächsten und zum vorigen Feld"}},
    Key{"Arrows, Space, Enter",
        {"move between buttons and marks, press them", "zwischen Knöpfen und Zeichen wandern, sie drücken"}},
    Key{"Ctrl+Enter",
        {"start the check; on Paste: ask the server; on Validate: check the list",
         "die Prüfung starten; bei Einfügen: den Server fragen; bei Domains: die Liste prüfen"}},
    Key{"Escape",
        {"stop what is running, close what lies on top", "anhalten, was läuft; schließen, was oben liegt"}},
    Key{"Ctrl++, Ctrl+-, Ctrl+0",
        {"larger, smaller and usual text", "größere, kleinere und übliche Schrift"}},
    Key{"Ctrl+T", {"copy the ticket", "das Ticket kopieren"}},
    Key{"Ctrl+S",
        {"save the report, or the table of domains", "den Bericht oder die Tabelle der Domains speichern"}},
    Key{"Ctrl+Q", {"close the window", "das Fenster schließen"}},
    Key{"F1", {"this help", "diese Hilfe"}},
};

}  // namespace

void help_view(const Ui& ui) {
    ImGui::SetNextWindowPos(ImGui::GetMainViewport()->GetCenter(), ImGuiCond_Always, {0.5F, 0.5F});
    ImGui::SetNextWindowSize({std::min(ui.em * 44, ImGui::GetMainViewport()->Size.x - ui.em * 2), 0});
    ImGui::PushStyleColor(ImGuiCol_WindowBg, ui.color.surface);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 1);
    ImGui::Begin("##help", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings);
    title(ui, ui.t(say::help_title));
    gap(ui, 0.3F);
    if (ImGui::BeginTable("keys", 2, ImGuiTableFlags_SizingStretchProp)) {
        ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthFixed, ui.em * 12.5F);
        for (const Key& key : keys) {
            ImGui::TableNextRow();
            ImGui::TableNextColumn();
            ImGui::PushFont(ui.fonts.bold);
            coloured(ui.color.accent, key.keys);
            ImGui::PopFont();
            ImGui::TableNextColumn();
            paragraph(ui.t(key.what));
        }
        ImGui::EndTable();
    }
    gap(ui, 0.3F);
    if (ImGui::Button(ui.t(say::close))) ui.app.show_help = false;
    ImGui::End();
    ImGui::PopStyleVar();
    ImGui::PopStyleColor();
}

}  // namespace maildoctor::gui
