#include "core/report/layout.h"

#include <algorithm>
#include <array>

#include "core/model/utf8.h"

namespace maildoctor::report {
namespace {

struct Range {
    char32_t first, last;
};

/// Unicode 15, East_Asian_Width W and F in broad strokes: what terminals draw over two columns.
constexpr std::array<Range, 12> wide = {{{0x1100, 0x115F},
                                         {0x2E80, 0x303E},
                                         {0x3041, 0x33FF},
                                         {0x3400, 0x4DBF},
                                         {0x4E00, 0x9FFF},
                                         {0xA000, 0xA4CF},
                                         {0xAC00, 0xD7A3},
                                         {0xF900, 0xFAFF},
                                         {0xFE30, 0xFE6F},
                                         {0xFF00, 0xFF60},
                                         {0x1F300, 0x1FAFF},
                                         {0x20000, 0x3FFFD}}};
/// General categories Mn and Me in broad strokes, and the joiners.
constexpr std::array<Range, 9> narrow_to_nothing = {{{0x0300, 0x036F},
                                                     {0x0483, 0x0489},
                                                     {0x0591, 0x05BD},
                                                     {0x064B, 0x065F},
                                                     {0x1AB0, 0x1AFF},
                                                     {0x1DC0, 0x1DFF},
                                                     {0x200B, 0x200D},
                                                     {0x20D0, 0x20FF},
                                                     {0xFE00, 0xFE0F}}};

template <std::size_t N>
bool is_in(const std::array<Range, N>& ranges, char32_t c) noexcept {
    return std::ranges::any_of(ranges,
                               [c](const Range& range) { return c >= range.first && c <= range.last; });
}

std::size_t columns_of(char32_t c) noexcept {
    if (c < 0x300) return 1;
    if (is_in(narrow_to_nothing, c)) return 0;
    return is_in(wide, c) ? 2 : 1;
}

/// The longest front of `word` that fits into `room` columns, at least one code point.
std::string_view front_that_fits(std::string_view word, std::size_t room) noexcept {
    std::string_view rest = word;
    std::size_t used = 0;
    std::size_t taken = 0;
    while (!rest.empty()) {
        used += columns_of(take_code_point(rest));
        if (used > room && taken > 0) break;
        taken = word.size() - rest.size();
    }
    return word.substr(0, taken);
}

}  // namespace

std::size_t columns(std::string_view text) noexcept {
    std::size_t sum = 0;
    while (!text.empty())
        sum += columns_of(take_code_point(text));
    return sum;
}

std::string wrapped(std::string_view text, std::size_t width, std::string_view first, std::string_view next) {
    std::string out(first);
    std::size_t used = columns(first);
    bool line_is_empty = true;
    const auto new_line = [&] {
        out += '\n';
        out += next;
        used = columns(next);
        line_is_empty = true;
    };
    while (!text.empty()) {
        if (text.front() == ' ') {
            text.remove_prefix(1);
            continue;
        }
        std::string_view word = text.substr(0, text.find(' '));
        text.remove_prefix(word.size());
        std::size_t needed = columns(word);
        if (!line_is_empty && used + 1 + needed > width) new_line();
        if (!line_is_empty) {
            out += ' ';
            ++used;
        }
        while (used + needed > width) {  // wider than a whole line
            const std::string_view part = front_that_fits(word, width > used ? width - used : 1);
            out += part;
            word.remove_prefix(part.size());
            if (word.empty()) break;
            new_line();
            needed = columns(word);
        }
        out += word;
        used += columns(word);
        line_is_empty = false;
    }
    out += '\n';
    return out;
}

}  // namespace maildoctor::report
