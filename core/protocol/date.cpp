#include "core/protocol/date.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace maildoctor::protocol {
namespace {

constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// Takes parts off the front; once one was missing, nothing more is taken.
class Parts {
public:
    explicit Parts(std::string_view text) noexcept : left_(text) {}

    int number(std::size_t least, std::size_t most) noexcept {
        std::size_t size = 0;
        int value = 0;
        while (size < most && size < left_.size() && is_digit(left_[size]))
            value = value * 10 + (left_[size++] - '0');
        const bool goes_on = size < left_.size() && is_digit(left_[size]);
        take(size >= least && !goes_on ? size : 0);
        return value;
    }
    void spaces() noexcept { take(std::min(left_.find_first_not_of(' '), left_.size())); }
    bool literal(std::string_view text) noexcept {
        if (broken_ || !left_.starts_with(text)) return false;
        left_.remove_prefix(text.size());
        return true;
    }
    unsigned month() noexcept {
        for (std::size_t i = 0; i < months.size(); ++i)
            if (literal(months[i])) return static_cast<unsigned>(i) + 1;
        broken_ = true;
        return 0;
    }
    /// Minutes east of Greenwich.
    int zone() noexcept {
        for (const std::string_view name : {"GMT", "UTC", "UT", "Z"})
            if (literal(name)) return 0;
        const int sign = literal("+") ? 1 : literal("-") ? -1 : 0;
        if (sign == 0) broken_ = true;
        const int digits = number(4, 4);
        return sign * (digits / 100 * 60 + digits % 100);
    }
    bool broken() const noexcept { return broken_; }

private:
    void take(std::size_t size) noexcept {
        if (size == 0 || broken_) {
            broken_ = true;
            return;
        }
        left_.remove_prefix(size);
    }

    std::string_view left_;
    bool broken_{false};
};

/// A date that begins with its day of the month.
std::optional<std::int64_t> date_at(std::string_view text) noexcept {
    Parts parts(text);
    const int day = parts.number(1, 2);
    parts.spaces();
    const unsigned month = parts.month();
    parts.spaces();
    const int year = parts.number(4, 4);
    parts.spaces();
    const int hour = parts.number(2, 2);
    if (!parts.literal(":")) return std::nullopt;
    const int minute = parts.number(2, 2);
    const int second = parts.literal(":") ? parts.number(2, 2) : 0;
    parts.spaces();
    const int zone = parts.zone();
    if (parts.broken() || year < 1970 || hour > 23 || minute > 59 || second > 60) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok()) return std::nullopt;
    const auto days = std::chrono::sys_days(date).time_since_epoch();
    const std::int64_t seconds = std::int64_t{days.count()} * 86400 + hour * 3600 + minute * 60 + second;
    return seconds - std::int64_t{zone} * 60;
}

}  // namespace

std::optional<std::int64_t> date_in(std::string_view text) noexcept {
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool starts_number = is_digit(text[at]) && (at == 0 || !is_digit(text[at - 1]));
        if (!starts_number) continue;
        if (const auto found = date_at(text.substr(at))) return found;
    }
    return std::nullopt;
}

}  // namespace maildoctor::protocol
