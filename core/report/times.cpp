#include "core/report/times.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace maildoctor::report {
namespace {

struct Moment {
    int year;
    unsigned month, day;
    std::int64_t hour, minute, second;
};

Moment moment_of(std::int64_t seconds) {
    constexpr std::int64_t year_0 = -62'167'219'200;
    constexpr std::int64_t end_of_9999 = 253'402'300'799;
    const std::chrono::sys_seconds when{std::chrono::seconds(std::clamp(seconds, year_0, end_of_9999))};
    const auto day = std::chrono::floor<std::chrono::days>(when);
    const std::chrono::year_month_day date(day);
    const std::int64_t rest = (when - day).count();
    return {static_cast<int>(date.year()),
            static_cast<unsigned>(date.month()),
            static_cast<unsigned>(date.day()),
            rest / 3600,
            rest / 60 % 60,
            rest % 60};
}

}  // namespace

std::string rfc3339(std::int64_t seconds) {
    const Moment at = moment_of(seconds);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", at.year, at.month, at.day, at.hour, at.minute,
                       at.second);
}

std::string today() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    constexpr std::size_t date = 10;
    return rfc3339(std::chrono::floor<std::chrono::seconds>(now).count()).substr(0, date);
}

std::string readable_time(std::int64_t seconds) {
    const Moment at = moment_of(seconds);
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02} UTC", at.year, at.month, at.day, at.hour, at.minute);
}

std::string readable_duration(std::chrono::milliseconds duration) {
    if (duration < std::chrono::seconds(1)) return fmt::format("{} ms", duration.count());
    return fmt::format("{:.1f} s", static_cast<double>(duration.count()) / 1000.0);
}

}  // namespace maildoctor::report
