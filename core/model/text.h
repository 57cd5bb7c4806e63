// Text from outside, made safe to show: nothing in it can move a cursor, change a colour or hide other text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace maildoctor {

/// Makes text from a server, a file or a user safe for a terminal, a log and the GUI.
/// Control characters become visible escapes (ESC: `\x1B`, line feed: `\n`), a tab becomes a space; C1
/// controls, bidirectional overrides and marks, line separators and invisible characters become `\u202E`;
/// what is not UTF-8 becomes U+FFFD. Cleaning twice gives the same as cleaning once.
/// @param limit octets of the result at most; what is longer is cut between characters and ends with "…"
/// where that fits
std::string cleaned(std::string_view text, std::size_t limit);

/// ASCII letters in upper case, everything else unchanged; does not depend on the locale.
std::string upper_case(std::string_view text);
/// A number of octets for people, decimal: "512 bytes", "20.9 MB".
std::string size_words(std::uint64_t octets);
/// Whether both are the same but for the case of ASCII letters.
bool same_word(std::string_view a, std::string_view b) noexcept;
/// Without spaces, tabs and line ends at both ends.
std::string_view trimmed(std::string_view text) noexcept;

}  // namespace maildoctor
