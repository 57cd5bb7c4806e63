#include "core/model/text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "core/model/utf8.h"

namespace maildoctor {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::string_view ellipsis = "\xE2\x80\xA6";     // U+2026
constexpr std::string_view hex = "0123456789ABCDEF";

/// Characters beyond ASCII that change how other text looks, or cannot be seen.
bool is_deceptive(char32_t code) noexcept {
    constexpr auto ranges = std::to_array<std::pair<char32_t, char32_t>>({
        {0x80, 0x9F},        // C1 controls
        {0xAD, 0xAD},        // soft hyphen
        {0x61C, 0x61C},      // Arabic letter mark
        {0x180E, 0x180E},    // Mongolian vowel separator
        {0x200B, 0x200B},    // zero-width space
        {0x200E, 0x200F},    // direction marks
        {0x2028, 0x202E},    // line and paragraph separators, embeddings and overrides
        {0x2060, 0x206F},    // word joiner, invisible operators, isolates
        {0xFEFF, 0xFEFF},    // byte order mark
        {0xFFF9, 0xFFFB},    // interlinear annotation
        {0xE0000, 0xE007F},  // tags
    });
    return std::ranges::any_of(
               ranges, [code](const auto& range) { return code >= range.first && code <= range.second; }) ||
           (code & 0xFFFEU) == 0xFFFEU;  // noncharacters at the end of each plane
}

std::string escape(char32_t code) {
    if (code == '\n') return "\\n";
    if (code == '\r') return "\\r";
    if (code == '\t') return " ";
    const int digits = code < 0x80 ? 2 : code < 0x10000 ? 4 : 6;
    std::string out = code < 0x80 ? "\\x" : "\\u";
    for (int i = digits - 1; i >= 0; --i)
        out += hex[(code >> (4U * static_cast<unsigned>(i))) & 0xFU];
    return out;
}

}  // namespace

std::string cleaned(std::string_view text, std::size_t limit) {
    std::string out;
    std::size_t cut = 0;  // the last place where an ellipsis would still fit
    while (!text.empty()) {
        std::string escaped;
        std::string_view piece = replacement;
        std::size_t used = 1;
        if (const auto [code, size] = first_code_point(text); size > 0) {
            used = size;
            piece = text.substr(0, used);
            if (code < 0x20 || code == 0x7F || (code >= 0x80 && is_deceptive(code))) {
                escaped = escape(code);
                piece = escaped;
            }
        }
        if (piece.size() > limit - out.size()) {
            out.resize(cut);
            if (limit >= ellipsis.size()) out += ellipsis;
            return out;
        }
        out += piece;
        if (limit < ellipsis.size() || out.size() <= limit - ellipsis.size()) cut = out.size();
        text.remove_prefix(used);
    }
    return out;
}

std::string upper_case(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return out;
}

std::string size_words(std::uint64_t octets) {
    constexpr std::array<std::string_view, 5> units = {" kB", " MB", " GB", " TB", " PB"};
    constexpr std::uint64_t step = 1000;
    if (octets < step) return std::to_string(octets) + " bytes";
    std::size_t unit = 0;
    std::uint64_t tenths = octets / (step / 10);
    while (tenths >= step * 10 && unit + 1 < units.size()) {
        tenths /= step;
        ++unit;
    }
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + std::string(units[unit]);
}

bool same_word(std::string_view a, std::string_view b) noexcept {
    constexpr auto fold = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; };
    return std::ranges::equal(a, b, {}, fold, fold);
}

std::string_view trimmed(std::string_view text) noexcept {
    constexpr std::string_view blanks = " \t\r\n";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace maildoctor
