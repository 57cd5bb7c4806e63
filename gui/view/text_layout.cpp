// Text with highlighted spans, and the shapes of states.
#include <algorithm>
#include <cmath>

#include "gui/view/widgets.h"

namespace maildoctor::gui {
namespace {

struct Line {
    std::size_t begin{}, end{};  // octets of the text
};

/// Where the lines begin and end when they are `width` wide.
std::vector<Line> lines_of(std::string_view text, float width, const Ui& ui) {
    std::vector<Line> lines;
    ImFont* font = ui.fonts.body;
    const float scale = ImGui::GetFontSize() / font->FontSize;
    const char* at = text.data();
    const char* const last = at + text.size();
    while (at < last) {
        const char* paragraph_end = std::find(at, last, '\n');
        while (at < paragraph_end) {
            const char* end = font->CalcWordWrapPositionA(scale, at, paragraph_end, width);
            if (end == at) ++end;
            lines.push_back(
                {static_cast<std::size_t>(at - text.data()), static_cast<std::size_t>(end - text.data())});
            at = end;
            while (at < paragraph_end && *at == ' ')
                ++at;
        }
        if (at == paragraph_end && at < last) ++at;
    }
    return lines;
}

float width_of(std::string_view text) {
    return ImGui::CalcTextSize(text.data(), text.data() + text.size()).x;
}

void draw_spans(ImDrawList& draw, const Ui& ui, std::string_view text, const Line& line, ImVec2 at,
                const std::vector<report::Span>& spans) {
    for (const report::Span& span : spans) {
        const std::size_t begin = std::max(span.begin, line.begin), end = std::min(span.end, line.end);
        if (begin >= end) continue;
        const float left = at.x + width_of(text.substr(line.begin, begin - line.begin));
        const float right = left + width_of(text.substr(begin, end - begin));
        const float bottom = at.y + ImGui::GetFontSize();
        draw.AddRectFilled({left - ui.em * 0.12F, at.y - ui.em * 0.04F},
                           {right + ui.em * 0.12F, bottom + ui.em * 0.08F}, ui.color.highlight, ui.em * 0.2F);
        draw.AddLine({left, bottom + ui.em * 0.06F}, {right, bottom + ui.em * 0.06F}, ui.color.accent,
                     ui.em * 0.12F);
    }
}

}  // namespace

void highlighted_text(const Ui& ui, std::string_view text, const std::vector<report::Span>& spans) {
    constexpr std::size_t most_lines = 400;
    const float width = ImGui::GetContentRegionAvail().x;
    auto lines = lines_of(text, std::max(width, ui.em * 4), ui);
    if (lines.size() > most_lines) lines.resize(most_lines);
    const float height = ImGui::GetFontSize() * 1.35F;
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    const ImVec2 start = ImGui::GetCursorScreenPos();
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const ImVec2 at{start.x, start.y + height * static_cast<float>(i)};
        if (!ImGui::IsRectVisible(at, {at.x + width, at.y + height})) continue;
        draw_spans(draw, ui, text, lines[i], at, spans);
        draw.AddText(at, ui.color.text, text.data() + lines[i].begin, text.data() + lines[i].end);
    }
    ImGui::Dummy({width, height * static_cast<float>(lines.size())});
}

void draw_mark(ImDrawList& draw, const Ui& ui, ImVec2 at, float radius, CellState state) {
    const ImU32 colour = colour_of(ui.color, state);
    const ImU32 ink = ui.color.surface;
    const float thin = std::max(1.5F, radius * 0.22F);
    const auto point = [&](float x, float y) { return ImVec2(at.x + radius * x, at.y + radius * y); };
    switch (state) {
        case CellState::good:
            draw.AddCircleFilled(at, radius, colour);
            draw.AddLine(point(-0.45F, 0.02F), point(-0.12F, 0.38F), ink, thin);
            draw.AddLine(point(-0.12F, 0.38F), point(0.48F, -0.34F), ink, thin);
            break;
        case CellState::warning:
            draw.AddTriangleFilled(point(0, -1.05F), point(1.1F, 0.9F), point(-1.1F, 0.9F), colour);
            draw.AddLine(point(0, -0.4F), point(0, 0.3F), ink, thin);
            draw.AddCircleFilled(point(0, 0.6F), thin * 0.6F, ink);
            break;
        case CellState::bad:
            draw.AddRectFilled(point(-0.92F, -0.92F), point(0.92F, 0.92F), colour, radius * 0.2F);
            draw.AddLine(point(-0.42F, -0.42F), point(0.42F, 0.42F), ink, thin);
            draw.AddLine(point(-0.42F, 0.42F), point(0.42F, -0.42F), ink, thin);
            break;
        case CellState::unknown:
            draw.AddCircle(at, radius * 0.95F, colour, 0, thin);
            draw.AddText(ui.fonts.bold, radius * 1.5F, point(-0.4F, -0.78F), colour, "?");
            break;
        case CellState::closed:
            draw.AddCircle(at, radius * 0.9F, colour, 0, thin * 0.7F);
            draw.AddLine(point(-0.42F, 0), point(0.42F, 0), colour, thin * 0.8F);
            break;
        case CellState::running: {
            const auto turn = static_cast<float>(std::fmod(ImGui::GetTime() * 4.0, 6.2831853));
            draw.PathArcTo(at, radius * 0.9F, turn, turn + 4.2F, 24);
            draw.PathStroke(colour, 0, thin);
            break;
        }
        case CellState::not_asked:
            draw.AddCircleFilled(at, radius * 0.16F, with_alpha(colour, 0.6F));
            break;
    }
}

}  // namespace maildoctor::gui
