#include "gui/window/keys.h"

#include <GLFW/glfw3.h>
#include <imgui.h>

#include <algorithm>

namespace maildoctor::gui {
namespace {

void change_text_size(App& app, int key) {
    constexpr int step = 10, usual = 100;
    int& percent = app.settings.text_percent;
    if (key == GLFW_KEY_EQUAL || key == GLFW_KEY_KP_ADD) percent = std::min(percent + step, largest_text);
    if (key == GLFW_KEY_MINUS || key == GLFW_KEY_KP_SUBTRACT)
        percent = std::max(percent - step, smallest_text);
    if (key == GLFW_KEY_0) percent = usual;
}

void start_what_is_meant(App& app) {
    if (app.view == View::check && app.check.stage() == CheckStage::form) app.start_check();
    if (app.view == View::validate && app.validate.size() == 0) app.start_validation();
    if (app.view == View::paste && app.paste.can_ask() && !app.paste.asking()) app.ask_server();
}

void copy_ticket(App& app) {
    std::string ticket =
        app.view == View::paste ? app.paste.ticket(app.language) : app.fix.ticket(app.language);
    if (!ticket.empty()) app.copy(std::move(ticket));
}

void close_or_stop(App& app) {
    if (app.show_help || app.show_settings) {
        app.show_help = app.show_settings = false;
        return;
    }
    app.check.cancel();
    app.paste.stop_asking();
    if (app.validate.running()) app.validate.cancel();
}

void paste_anywhere(App& app) {
    if (ImGui::GetIO().WantTextInput) return;  // the field takes it
    if (const char* text = ImGui::GetClipboardText(); text != nullptr && *text != '\0') app.take_text(text);
}

void take_control_key(App& app, int key) {
    change_text_size(app, key);
    if (key >= GLFW_KEY_1 && key < GLFW_KEY_1 + static_cast<int>(View::count))
        app.go(static_cast<View>(key - GLFW_KEY_1));
    if (key == GLFW_KEY_T) copy_ticket(app);
    if (key == GLFW_KEY_S) app.save_shown();
    if (key == GLFW_KEY_Q) app.quit = true;
    if (key == GLFW_KEY_ENTER || key == GLFW_KEY_KP_ENTER) start_what_is_meant(app);
    if (key == GLFW_KEY_V) paste_anywhere(app);
}

}  // namespace

void take_keys(App& app, const std::vector<KeyPress>& presses) {
    for (const KeyPress& press : presses) {
        if (press.key == GLFW_KEY_F1) app.show_help = !app.show_help;
        if (press.key == GLFW_KEY_ESCAPE) close_or_stop(app);
        if (press.control) take_control_key(app, press.key);
    }
}

}  // namespace maildoctor::gui
