// The flat JSON objects that `explain --batch` reads, one a line.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace maildoctor::cli {

/// A member's value: a text, or a number or word as it stands.
struct FlatValue {
    std::string text{};
    bool quoted{};

    /// The value as valid JSON again; a word that JSON does not know becomes a text.
    std::string json() const;
};

/// Reads one line {"name": "value", …} whose values are texts, numbers or words. Nested values are skipped.
/// Nothing when it is not an object.
std::optional<std::map<std::string, FlatValue, std::less<>>> read_flat_object(std::string_view line);

}  // namespace maildoctor::cli
