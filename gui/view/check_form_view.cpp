// The form of a check.
#include <imgui.h>
#include <imgui_stdlib.h>

#include <algorithm>
#include <array>

#include "gui/view/views.h"
#include "gui/view/widgets.h"

namespace maildoctor::gui {
namespace {

/// The fault of a field below it, when there is one.
void fault_line(const Ui& ui, Field field) {
    if (const Text* what = ui.app.check.reading().fault_at(field)) {
        const ImVec2 at = ImGui::GetCursorScreenPos();
        draw_mark(*ImGui::GetWindowDrawList(), ui, {at.x + ui.em * 0.45F, at.y + ui.em * 0.5F}, ui.em * 0.38F,
                  CellState::warning);
        ImGui::SetCursorScreenPos({at.x + ui.em * 1.15F, at.y});
        ImGui::BeginGroup();
        coloured(ui.color.bad, ui.t(*what));
        ImGui::EndGroup();
    }
}

/// A field with its label above and its fault below.
template <class Draw>
void field(const Ui& ui, const Text& label, Field id, Draw&& draw) {
    ImGui::BeginGroup();
    muted(ui, ui.t(label));
    const bool faulty = ui.app.check.reading().fault_at(id) != nullptr;
    if (faulty) ImGui::PushStyleColor(ImGuiCol_Border, ui.color.bad);
    draw();
    if (faulty) ImGui::PopStyleColor();
    fault_line(ui, id);
    ImGui::EndGroup();
}

template <class Choice, std::size_t N>
void combo(const char* id, Choice& value, const std::array<const char*, N>& words, float width) {
    int index = static_cast<int>(value);
    ImGui::SetNextItemWidth(width);
    if (ImGui::Combo(id, &index, words.data(), static_cast<int>(N))) value = static_cast<Choice>(index);
}

/// Which fields belong to a side.
struct Side {
    const char* id;
    Text heading;
    Field host, port, user;
    bool receives;
};
constexpr std::array sides = {
    Side{"in", say::receiving, Field::in_host, Field::in_port, Field::in_user, true},
    Side{"out", say::sending, Field::out_host, Field::out_port, Field::out_user, false}};

void server_fields(const Ui& ui, const Side& side, ServerFields& fields) {
    ImGui::PushID(side.id);
    const Card card(ui);
    card_heading(ui, ui.t(side.heading));
    const float width = ImGui::GetContentRegionAvail().x;
    if (side.receives) {
        muted(ui, ui.t(say::protocol));
        combo("##kind", fields.kind, std::array{ui.t(say::not_given), "IMAP", "POP3"}, width);
    }
    const float port_width = ui.em * 6;
    const ImVec2 start = ImGui::GetCursorScreenPos();
    field(ui, say::server, side.host, [&] {
        ImGui::SetNextItemWidth(width - port_width - ui.em);
        text_field("##host", fields.host, side.receives ? "imap.example.org" : "smtp.example.org");
    });
    const float below = ImGui::GetItemRectMax().y;
    ImGui::SetCursorScreenPos(
        {start.x + width - port_width, start.y});  // SameLine() would shift its baseline
    field(ui, say::port, side.port, [&] {
        ImGui::SetNextItemWidth(port_width);
        text_field("##port", fields.port, side.receives ? "993" : "587");
    });
    const float lowest = std::max(below, ImGui::GetItemRectMax().y);
    ImGui::SetCursorScreenPos({start.x, lowest + ImGui::GetStyle().ItemSpacing.y});
    muted(ui, ui.t(say::encryption));
    combo("##security", fields.security,
          std::array{ui.t(say::not_given), "SSL/TLS", "STARTTLS", ui.t(say::none)}, width);
    muted(ui, ui.t(say::user_name));
    combo(
        "##user", fields.user,
        std::array{ui.t(say::not_given), ui.t(say::whole_address), ui.t(say::before_at), ui.t(say::own_name)},
        width);
    if (fields.user == UserChoice::own) {
        ImGui::SetNextItemWidth(width);
        text_field("##name", fields.user_name);
        fault_line(ui, side.user);
    }
    ImGui::PopID();
}

void account_fields(const Ui& ui, bool& start) {
    CheckForm& form = ui.app.check.form;
    const float width = std::min(ImGui::GetContentRegionAvail().x, ui.em * 34);
    field(ui, say::email, Field::email, [&] {
        ImGui::SetNextItemWidth(width);
        if (ui.app.focus_form) ImGui::SetKeyboardFocusHere();
        ui.app.focus_form = false;
        if (text_field("##email", form.email, "name@example.org", ImGuiInputTextFlags_EnterReturnsTrue))
            start = true;
    });
    muted(ui, ui.t(say::password));
    ImGui::SetNextItemWidth(width);
    if (ImGui::InputText("##password", form.password.data(), form.password.size(),
                         ImGuiInputTextFlags_Password | ImGuiInputTextFlags_NoUndoRedo |
                             ImGuiInputTextFlags_EnterReturnsTrue))
        start = true;
    muted(ui, ui.t(say::mail_program));
    program_choice(ui, "##program", ui.t(say::any_program), width);
    muted(ui, ui.t(say::error_text));
    ImGui::SetNextItemWidth(width);
    text_field("##error", form.error_text);
    check_box(ui, ui.t(say::for_someone_else), form.for_someone_else);
    check_box(ui, ui.t(say::typed_settings), form.show_settings);
}

}  // namespace

void check_form(const Ui& ui) {
    App& app = ui.app;
    bool start = false;
    title(ui, ui.t(say::check_title));
    if (!app.check.complaint().empty()) coloured(ui.color.bad, app.check.complaint());
    {
        const Card card(ui);
        account_fields(ui, start);
    }
    if (app.check.form.show_settings) {
        const float width = ImGui::GetContentRegionAvail().x;
        const bool beside = width > ui.em * 46;
        const int columns = beside ? 2 : 1;
        if (ImGui::BeginTable("sides", columns, ImGuiTableFlags_SizingStretchSame)) {
            ImGui::TableNextColumn();
            server_fields(ui, sides[0], app.check.form.incoming);
            ImGui::TableNextColumn();
            server_fields(ui, sides[1], app.check.form.outgoing);
            ImGui::EndTable();
        }
    }
    if (primary_button(ui, ui.t(say::start_check))) start = true;
    if (start) app.start_check();
}

}  // namespace maildoctor::gui
