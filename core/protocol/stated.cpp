#include "core/protocol/stated.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "core/model/text.h"
#include "core/protocol/words.h"

namespace maildoctor::protocol {
namespace {

constexpr std::size_t most_words = 64;
constexpr std::uint64_t day = 86400;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// The seconds that a unit stands for; 0: no unit of time.
std::uint64_t unit_of(std::string_view word) {
    while (!word.empty() && !(word.back() >= 'A' && word.back() <= 'Z'))
        word.remove_suffix(1);
    if (word == "S" || word.starts_with("SEC")) return 1;
    if (word == "M" || word.starts_with("MIN")) return 60;
    return word == "H" || word.starts_with("HOUR") ? 3600 : 0;
}

}  // namespace

std::optional<std::chrono::seconds> asked_pause(std::string_view words) {
    const std::string text = upper_case(words);
    constexpr std::array asks = {"TRY AGAIN", "WAIT", "RETRY", "TRY LATER"};
    if (std::ranges::none_of(asks, [&](const char* ask) { return text.contains(ask); })) return std::nullopt;
    const auto list = words_of(text);
    for (std::size_t i = 0; i < std::min(list.size(), most_words); ++i) {
        std::string_view unit = list[i];
        const auto digits = static_cast<std::size_t>(std::ranges::find_if_not(unit, is_digit) - unit.begin());
        const auto number = number_from(unit.substr(0, digits));
        if (!number) continue;
        unit.remove_prefix(digits);
        if (unit.empty() && i + 1 < list.size()) unit = list[i + 1];
        const std::uint64_t seconds = unit_of(unit);
        if (seconds == 0 || *number == 0 || *number > day / seconds) continue;
        return std::chrono::seconds(*number * seconds);
    }
    return std::nullopt;
}

}  // namespace maildoctor::protocol
