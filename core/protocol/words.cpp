#include "core/protocol/words.h"

#include <algorithm>
#include <charconv>

#include "core/model/text.h"

namespace maildoctor::protocol {

std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    while (!(text = trimmed(text)).empty()) {
        const auto end = std::min(text.find_first_of(" \t"), text.size());
        words.push_back(text.substr(0, end));
        text.remove_prefix(end);
    }
    return words;
}

std::optional<std::uint64_t> number_from(std::string_view digits) noexcept {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return number;
}

void add_once(std::vector<std::string>& list, std::string_view word) {
    if (word.empty()) return;
    std::string upper = upper_case(word);
    if (std::ranges::find(list, upper) == list.end()) list.push_back(std::move(upper));
}

}  // namespace maildoctor::protocol
