// Classes of ASCII characters. They do not depend on the locale, unlike those of <cctype>.
#pragma once

namespace maildoctor {

constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}
constexpr bool is_upper(char c) noexcept {
    return c >= 'A' && c <= 'Z';
}
constexpr bool is_lower(char c) noexcept {
    return c >= 'a' && c <= 'z';
}
constexpr bool is_alnum(char c) noexcept {
    return is_digit(c) || is_upper(c) || is_lower(c);
}
/// Blank, tab or line end.
constexpr bool is_space(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
/// A letter in lower case; everything else unchanged.
constexpr char lower(char c) noexcept {
    return is_upper(c) ? static_cast<char>(c + ('a' - 'A')) : c;
}

}  // namespace maildoctor
