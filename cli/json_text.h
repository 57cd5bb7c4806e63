// JSON as text: small pieces that the commands put together.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace maildoctor::cli {

/// A JSON string with its quotes. Control characters are escaped, octets that are not UTF-8 become U+FFFD.
std::string json_string(std::string_view text);

/// Reads one line {"name": "value", …} whose values are texts or numbers (a number is kept as its digits).
/// Nested values are skipped. Nothing when it is not an object.
std::optional<std::map<std::string, std::string>> read_flat_object(std::string_view line);

}  // namespace maildoctor::cli
