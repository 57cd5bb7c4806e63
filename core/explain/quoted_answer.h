// Where a mail program quotes the server: what stands there outweighs the program's own sentence around it.
#pragma once

#include <cstddef>
#include <string_view>

namespace maildoctor::explain {

/// A part of a text; empty when begin == end.
struct TextPart {
    std::size_t begin{}, end{};
    bool holds(std::size_t at) const noexcept { return at >= begin && at < end; }
};

/// The first answer that is introduced as the server's ("The mail server responded: …", "Server Response:
/// '…'", "Der Mail-Server antwortete: …" and so on in the languages of the big mail programs). Reads the
/// first 8 KiB; the part is at most 300 octets long and ends at the end of its line or quotation.
TextPart quoted_answer(std::string_view text);

/// A text without the white space around it.
TextPart trimmed(std::string_view text);

}  // namespace maildoctor::explain
