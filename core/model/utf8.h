// UTF-8 (RFC 3629): one code point at a time.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace maildoctor {

inline constexpr char32_t replacement_character = 0xFFFD;

/// One well-formed sequence at the front of a text.
struct CodePoint {
    char32_t value{};
    std::size_t size{};  ///< octets; 0 when the text is empty or does not begin with well-formed UTF-8
};

/// Reads the first code point of `text` (RFC 3629 section 4: no overlong form, no surrogate, at most
/// U+10FFFF).
CodePoint first_code_point(std::string_view text) noexcept;

/// Takes one code point off the front of `text`, which must not be empty.
/// @return the code point; U+FFFD for an octet that begins no well-formed sequence (that octet alone is
/// taken)
char32_t take_code_point(std::string_view& text) noexcept;

/// Appends `point` as UTF-8; what is no Unicode scalar value becomes U+FFFD.
void append_utf8(std::string& out, char32_t point);

}  // namespace maildoctor
