// Pasted octets as UTF-8 text.
#pragma once

#include <string>
#include <string_view>

namespace maildoctor::explain {

/// UTF-8 from UTF-8, UTF-16 (with a byte order mark, or recognised by its zero octets) or, where neither
/// fits, Windows-1252. Control characters other than tab and line end become blanks. Never fails.
std::string to_utf8(std::string_view bytes);

}  // namespace maildoctor::explain
