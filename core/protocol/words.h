// Small readers of words and lists that the mail protocols share.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace maildoctor::protocol {

/// The words between spaces and tabs; never an empty one.
std::vector<std::string_view> words_of(std::string_view text);

/// Decimal digits only, the whole text; nothing for anything else or for what does not fit.
std::optional<std::uint64_t> number_from(std::string_view digits) noexcept;

/// Adds the word in upper case unless it is empty or in the list already.
void add_once(std::vector<std::string>& list, std::string_view word);

}  // namespace maildoctor::protocol
