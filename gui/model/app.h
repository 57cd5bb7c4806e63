// The whole window as plain values: what is shown, what is chosen, what is under way. Knows no window.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "gui/model/call_script.h"
#include "gui/model/check.h"
#include "gui/model/fix.h"
#include "gui/model/history.h"
#include "gui/model/learn.h"
#include "gui/model/options.h"
#include "gui/model/paste.h"
#include "gui/model/settings.h"
#include "gui/model/validate.h"

namespace maildoctor::gui {

enum class View : std::uint8_t { paste, check, fix, validate, history, call, learn, count };
const char* words_for(View view, Language language);

/// The forms in which the table of domains is saved.
enum class Export : std::uint8_t { csv, html, json };

/// A line that goes away by itself.
struct Notice {
    std::string text{};
    bool fault{false};
    std::chrono::steady_clock::time_point until{};
};

class App {
public:
    App(Settings remembered, const CommandLine& line, Wake wake);

    View view{View::paste};
    Settings settings{};
    Language language{Language::english};
    PasteModel paste;
    CheckModel check;
    FixModel fix{};
    ValidateModel validate;
    HistoryModel history{};
    LearnModel learn{};
    CallScript call{};
    doctor::Options options{};  ///< how servers are asked
    bool show_help{false}, show_settings{false};
    bool quit{false};                           ///< the window closes
    bool focus_paste{true}, focus_form{true};   ///< the first field of the view wants the keyboard
    std::optional<std::string> to_clipboard{};  ///< the window takes it
    bool wipe_input{false};     ///< a password was taken: the window wipes what it keeps of it
    std::string save_folder{};  ///< where reports are saved

    /// Takes news of all that is under way. @return whether something changed
    bool poll();
    bool busy() const;

    // ---- what a person does
    void go(View to);
    void set_language(Language wanted);
    void set_program(const std::string& id);
    /// A text pasted where no field has the keyboard, or dropped on the window.
    void take_text(std::string_view bytes);
    /// A file dropped on the window: its text goes to Paste; a list of domains to Validate while that is
    /// shown.
    void take_file(const std::filesystem::path& file);
    void copy(std::string text);
    void save(const std::string& name, std::string_view bytes);
    void ask_server();
    void show_server_report();
    void start_check();
    /// Takes the domains of the list and validates them.
    void start_validation();
    /// What Ctrl+S keeps: the report as HTML, or the table of domains as CSV.
    void save_shown();
    void save_table(Export format);
    void repeat_failed();
    void show_fix();
    void show_row(std::size_t position);
    void finish_call();
    void tell(std::string text, bool fault = false);

    /// The notice while it lasts.
    const Notice* notice() const;
    /// When the notice ends; nothing without one: the window must look again then.
    std::optional<std::chrono::milliseconds> notice_left() const;
    const std::vector<report::GuideName>& programs() const noexcept { return programs_; }

private:
    void take_result();

    Notice notice_{};
    std::vector<report::GuideName> programs_{};
    bool result_taken_{true}, comparing_{false};
};

}  // namespace maildoctor::gui
