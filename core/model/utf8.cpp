#include "core/model/utf8.h"

#include <algorithm>
#include <array>

namespace maildoctor {
namespace {

constexpr unsigned octet(char c) noexcept {
    return static_cast<unsigned char>(c);
}

constexpr bool is_scalar(char32_t point) noexcept {
    return point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
}

}  // namespace

CodePoint first_code_point(std::string_view text) noexcept {
    if (text.empty()) return {};
    const unsigned first = octet(text.front());
    if (first < 0x80) return {first, 1};
    const std::size_t size = first >= 0xC2 && first <= 0xDF   ? 2
                             : first >= 0xE0 && first <= 0xEF ? 3
                             : first >= 0xF0 && first <= 0xF4 ? 4
                                                              : 0;
    if (size == 0 || text.size() < size) return {};
    char32_t value = first & (0x7FU >> size);
    for (std::size_t i = 1; i < size; ++i) {
        if ((octet(text[i]) & 0xC0U) != 0x80U) return {};
        value = (value << 6U) | (octet(text[i]) & 0x3FU);
    }
    constexpr std::array<char32_t, 5> smallest = {0, 0, 0x80, 0x800, 0x10000};
    if (value < smallest[size] || !is_scalar(value)) return {};
    return {value, size};
}

char32_t take_code_point(std::string_view& text) noexcept {
    const CodePoint point = first_code_point(text);
    text.remove_prefix(std::max<std::size_t>(point.size, 1));
    return point.size == 0 ? replacement_character : point.value;
}

void append_utf8(std::string& out, char32_t point) {
    if (!is_scalar(point)) point = replacement_character;
    if (point < 0x80) {
        out += static_cast<char>(point);
        return;
    }
    const unsigned following = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    constexpr std::array<unsigned, 4> leads = {0, 0xC0, 0xE0, 0xF0};
    out += static_cast<char>(leads[following] | (point >> (6U * following)));
    for (unsigned left = following; left-- > 0;)
        out += static_cast<char>(0x80U | ((point >> (6U * left)) & 0x3FU));
}

}  // namespace maildoctor
