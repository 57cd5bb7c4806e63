// Moments as text, always in UTC.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace maildoctor::report {

/// Seconds since 1970 UTC as RFC 3339, "2026-11-21T21:00:00Z". Years before 0 and after 9999 become the
/// nearest of them.
std::string rfc3339(std::int64_t seconds);

/// The same for people: "2026-11-21 21:00 UTC".
std::string readable_time(std::int64_t seconds);

/// Today's date, "2026-11-21".
std::string today();

/// "40 ms", "1.5 s".
std::string readable_duration(std::chrono::milliseconds duration);

}  // namespace maildoctor::report
