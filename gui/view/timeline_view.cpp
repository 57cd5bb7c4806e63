// The line of time: every question as a bar, where it began and how long it took.
#include <algorithm>
#include <array>
#include <cmath>

#include "core/report/times.h"
#include "gui/view/views.h"
#include "gui/view/widgets.h"

namespace maildoctor::gui {
namespace {

using std::chrono::milliseconds;

/// A distance for the lines of the grid that gives at most six of them: 1, 2 or 5 times a power of ten.
float grid_step(float length) {
    constexpr float most_lines = 6;
    const float power = std::pow(10.0F, std::floor(std::log10(std::max(length / most_lines, 1.0F))));
    for (const float times : {1.0F, 2.0F, 5.0F})
        if (length / (power * times) <= most_lines) return power * times;
    return power * 10;
}

void draw_grid(const Ui& ui, ImVec2 at, float width, float height, float length) {
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    const float step = grid_step(length);
    for (float moment = 0; moment <= length; moment += step) {
        const float x = at.x + width * moment / length;
        draw.AddLine({x, at.y + ui.em * 1.2F}, {x, at.y + height}, with_alpha(ui.color.border, 0.8F));
        const std::string label = report::readable_duration(milliseconds(static_cast<int>(moment)));
        if (x + ui.em * 3 < at.x + width)
            draw.AddText({x + ui.em * 0.15F, at.y}, ui.color.muted, label.c_str());
    }
}

void draw_bar(const Ui& ui, const Bar& bar, ImVec2 at, float label_width, float width, float length,
              milliseconds now) {
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    const auto place = [&](milliseconds moment) {
        return at.x + label_width + width * std::min(static_cast<float>(moment.count()) / length, 1.0F);
    };
    draw.PushClipRect(at, {at.x + label_width - ui.em * 0.5F, at.y + ui.em * 2}, true);
    draw.AddText({at.x, at.y}, ui.color.text, bar.label.c_str());
    draw.PopClipRect();
    const float left = place(bar.start);
    const float right = std::max(place(bar.state == CellState::running ? now : bar.end), left + 2);
    const ImU32 colour = colour_of(ui.color, bar.state);
    const float top = at.y + ui.em * 0.2F, bottom = at.y + ui.em * 0.95F;
    draw.AddRectFilled({left, top}, {right, bottom}, with_alpha(colour, bar.kind == Step::dns ? 0.55F : 0.9F),
                       ui.em * 0.15F);
    if (bar.state == CellState::bad || bar.state == CellState::unknown)  // not by colour alone
        draw_mark(draw, ui, {right + ui.em * 0.6F, (top + bottom) / 2}, ui.em * 0.32F, bar.state);
}

}  // namespace

void timeline_chart(const Ui& ui) {
    const Timeline& timeline = ui.app.check.timeline();
    if (timeline.bars().empty()) return;
    const Card card(ui);
    card_heading(ui, ui.t(say::timeline));
    const milliseconds now = ui.app.check.elapsed();
    const auto length = static_cast<float>(timeline.length(now).count()) * 1.08F;
    const float all = ImGui::GetContentRegionAvail().x, label_width = std::min(all * 0.42F, ui.em * 19);
    const float width = all - label_width - ui.em, row = ui.em * 1.3F;
    const auto count = timeline.bars().size();
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float height = ui.em * 1.4F + row * static_cast<float>(count);
    draw_grid(ui, {at.x + label_width, at.y}, width, height, length);
    for (std::size_t i = 0; i < count; ++i) {
        const ImVec2 place{at.x, at.y + ui.em * 1.4F + row * static_cast<float>(i)};
        if (!ImGui::IsRectVisible(place, {place.x + all, place.y + row})) continue;
        draw_bar(ui, timeline.bars()[i], place, label_width, width, length, now);
    }
    ImGui::Dummy({all, height});
}

}  // namespace maildoctor::gui
