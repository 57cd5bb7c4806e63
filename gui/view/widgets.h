// The building blocks of the views.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/report/explanation.h"
#include "gui/view/style.h"

namespace maildoctor::gui {

/// A surface with a border, as wide as there is room and as high as what is put on it until its end.
class Card {
public:
    /// @param accent colour of the bar on its left; 0: none
    explicit Card(const Ui& ui, ImU32 accent = 0);
    Card(const Card&) = delete;
    Card& operator=(const Card&) = delete;
    ~Card();

private:
    const Ui& ui_;
    ImU32 accent_;
    ImVec2 start_;
    float width_;
    float kept_work_{}, kept_content_{};
    ImDrawListSplitter layers_;
};

/// A column of a view that scrolls by itself. @return what ImGui::BeginChild says; end with ImGui::EndChild()
bool begin_pane(const char* id, ImVec2 size);

void title(const Ui& ui, std::string_view text);
/// The heading of a section; keeps some distance to what stands above it.
void heading(const Ui& ui, std::string_view text);
/// The heading at the top of a card.
void card_heading(const Ui& ui, std::string_view text);
void paragraph(std::string_view text);
void muted(const Ui& ui, std::string_view text);
void coloured(ImU32 colour, std::string_view text);
void mono(const Ui& ui, std::string_view text, ImU32 colour);
void gap(const Ui& ui, float lines = 0.5F);

/// The button that matters most of a view.
bool primary_button(const Ui& ui, const char* label);
/// Puts the next item on the same line where `width` pixels are left, else on a new one.
void next_or_wrap(const Ui& ui, float width);
float button_width(const char* label);
/// Buttons side by side, wrapping to new lines where the room ends. @return the one that was pressed, or -1
int button_row(const Ui& ui, const std::vector<const char*>& labels);

/// Numbered steps.
void steps(const Ui& ui, const std::vector<std::string>& texts);
/// A box to tick, no higher than its text. @return whether it was changed
bool check_box(const Ui& ui, const char* label, bool& value);
/// Numbered steps with boxes to tick. @return whether one was ticked
bool tick_steps(const Ui& ui, const char* id, std::vector<TickStep>& texts);
void bullets(const Ui& ui, const std::vector<std::string>& texts);

/// A rounded word: "Problem", "certain".
void badge(const Ui& ui, std::string_view text, ImU32 colour);

/// The shape of a state, centred at `at`, with `radius` pixels. Each state has a shape of its own.
void draw_mark(ImDrawList& draw, const Ui& ui, ImVec2 at, float radius, CellState state);

/// Text broken at words, with the spans on a coloured ground and underlined.
void highlighted_text(const Ui& ui, std::string_view text, const std::vector<report::Span>& spans);

/// Whether the last item is the one that the arrow keys have reached, and the person moves by keys at all.
bool is_chosen_by_keys();

/// A text field over a std::string. @return whether it was edited
bool text_field(const char* id, std::string& text, const char* hint = nullptr, ImGuiInputTextFlags flags = 0);

/// The drop-down of the mail programs. @param any what stands for none
void program_choice(const Ui& ui, const char* id, const char* any, float width);

inline void text_of(std::string_view text) {
    ImGui::TextUnformatted(text.data(), text.data() + text.size());
}

}  // namespace maildoctor::gui
