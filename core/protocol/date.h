// Dates as mail and web servers write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace maildoctor::protocol {

/// The first date and time in the text: "Sun, 22 Nov 2026 02:40:00 +0100" (RFC 5322 section 3.3; the day of
/// the week and the seconds may be missing) or "… GMT" (RFC 9110 section 5.6.7). Only the zones GMT, UT, UTC,
/// Z and numbers are known: anything else would be a guess.
/// @return seconds since 1970 UTC; nothing without a whole date of 1970 to 9999
std::optional<std::int64_t> date_in(std::string_view text) noexcept;

}  // namespace maildoctor::protocol
