#include "core/knowledge/code_names.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "core/model/ascii.h"

namespace maildoctor::knowledge {
namespace {

bool is_hex(char c) noexcept {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool all_digits(std::string_view text) noexcept {
    return !text.empty() && std::ranges::all_of(text, is_digit);
}

std::string upper(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    return out;
}

/// "5.7.1", "X.7.1", "5.7.*"
bool is_enhanced(std::string_view text) noexcept {
    const std::size_t first = text.find('.');
    const std::size_t second = first == std::string_view::npos ? first : text.find('.', first + 1);
    if (first != 1 || second == std::string_view::npos) return false;
    const char head = text.front();
    const std::string_view middle = text.substr(2, second - 2), tail = text.substr(second + 1);
    return (head == 'X' || head == '2' || head == '4' || head == '5') &&
           (all_digits(middle) || middle == "X") && (all_digits(tail) || tail == "*" || tail == "X");
}

bool is_reply_code(std::string_view text) noexcept {
    return text.size() == 3 && all_digits(text) && text.front() >= '1' && text.front() <= '5';
}

/// "5.7.606-649" → 5.7.606 … 5.7.649
std::vector<std::string> enhanced_range(std::string_view text) {
    const std::size_t dash = text.find('-');
    if (dash == std::string_view::npos || !is_enhanced(text.substr(0, dash)) ||
        !all_digits(text.substr(dash + 1)))
        return {};
    const std::size_t dot = text.rfind('.', dash);
    int from = 0, to = 0;
    std::from_chars(text.data() + dot + 1, text.data() + dash, from);
    std::from_chars(text.data() + dash + 1, text.data() + text.size(), to);
    std::vector<std::string> all;
    for (int i = from; i <= to && i - from < 1000; ++i)
        all.push_back(std::string(text.substr(0, dot + 1)) + std::to_string(i));
    return all;
}

constexpr std::array<std::string_view, 12> named = {"errno ",     "Win32 ",   "getaddrinfo ", "X509_V_ERR ",
                                                    "TLS alert ", "WinINet ", "EDE ",         "RCODE ",
                                                    "ldns ",      "h_errno ", "ec ",          "HTTP "};

}  // namespace

std::string hresult(std::uint32_t value) {
    std::string text = "0x00000000";
    for (std::size_t i = 0; i < 8; ++i)
        text[9 - i] = "0123456789ABCDEF"[(value >> (4 * i)) & 0xFU];
    return text;
}

std::vector<std::string> code_names(std::string_view cell) {
    while (cell.ends_with(' '))
        cell.remove_suffix(1);
    if (cell.starts_with("0x") || cell.starts_with("0X")) {
        const std::string_view digits = cell.substr(2);
        if (digits.ends_with('*')) return {"0x" + upper(digits)};
        if (digits.empty() || digits.size() > 8 || !std::ranges::all_of(digits, is_hex)) return {};
        std::uint32_t value = 0;
        std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
        return {hresult(value)};
    }
    if (all_digits(cell) || (cell.starts_with('-') && all_digits(cell.substr(1)))) return {std::string(cell)};
    if (is_enhanced(cell) || (cell.size() == 3 && cell.ends_with("xx"))) return {std::string(cell)};
    if (cell.size() == 5 && cell[1] == '.' && cell.ends_with(".X")) return {std::string(cell)};
    if (auto range = enhanced_range(cell); !range.empty()) return range;
    if (cell.starts_with('[') && cell.find(']') == cell.size() - 1) return {upper(cell)};
    if (cell.size() > 8 && is_reply_code(cell.substr(0, 3)) && cell[3] == ' ' && is_enhanced(cell.substr(4)))
        return {std::string(cell)};
    if (cell.starts_with("error:")) {
        const std::string_view digits = cell.substr(6, 8);
        if (digits.size() == 8 && std::ranges::all_of(digits, is_hex)) return {"error:" + upper(digits)};
        return {};
    }
    for (const std::string_view name : named) {
        if (!cell.starts_with(name)) continue;
        std::string_view number = cell.substr(name.size());
        number = number.substr(0, number.find(' '));
        if (number.starts_with("0x")) {
            const auto names = code_names(number);
            return names.empty() ? names : std::vector<std::string>{std::string(name) + names.front()};
        }
        if (all_digits(number) || (number.starts_with('-') && all_digits(number.substr(1))))
            return {std::string(name) + std::string(number)};
    }
    return {};
}

std::vector<std::string> families_of(std::string_view code) {
    if (code.starts_with("0x") && code.size() == 10)
        return {std::string(code.substr(0, 8)) + "*", std::string(code.substr(0, 7)) + "*",
                std::string(code.substr(0, 6)) + "*"};
    if (is_enhanced(code)) {
        const std::size_t second = code.find('.', 2);
        const std::string tail(code.substr(1)), subject(code.substr(1, second));
        return {"X" + tail, std::string(1, code.front()) + subject + "*", "X" + subject + "*"};
    }
    if (is_reply_code(code)) return {std::string(1, code.front()) + "xx"};
    return {};
}

}  // namespace maildoctor::knowledge
