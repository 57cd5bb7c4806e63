// What servers ask for or state in the words of a refusal.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace maildoctor::protocol {

/// The pause that a refusal asks for: "try again in 30 seconds", "wait 2 minutes", "retry after 60s".
/// @return a second to a day; nothing when the words name none
std::optional<std::chrono::seconds> asked_pause(std::string_view words);

}  // namespace maildoctor::protocol
