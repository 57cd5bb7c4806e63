#include "core/explain/refused_connection.h"

#include <re2/re2.h>

#include <charconv>
#include <string>

namespace maildoctor::explain {
namespace {

constexpr std::size_t most_words = 2048;  // octets; limits are named at the front

std::optional<std::uint64_t> number_in(const std::string& digits) {
    std::uint64_t value{};
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size() || value == 0) return std::nullopt;
    return value;
}

}  // namespace

std::optional<RefusedConnection> refused_connection(std::string_view words, const knowledge::Pack& pack) {
    words = words.substr(0, most_words);
    if (words.empty()) return std::nullopt;
    re2::RE2::Options options;
    options.set_case_sensitive(false);
    options.set_log_errors(false);
    const re2::StringPiece text(words.data(), words.size());
    for (const auto& limit :
         pack.all<knowledge::ConnectionLimitRecord>(knowledge::Section::connection_limits)) {
        const std::string_view pattern = pack.text(limit.pattern);
        const re2::RE2 regex(re2::StringPiece(pattern.data(), pattern.size()), options);
        if (!regex.ok()) continue;
        std::string digits;
        const bool holds = regex.NumberOfCapturingGroups() > 0 ? re2::RE2::PartialMatch(text, regex, &digits)
                                                               : re2::RE2::PartialMatch(text, regex);
        if (holds) return RefusedConnection{.rule = pack.text(limit.id), .allowed = number_in(digits)};
    }
    return std::nullopt;
}

}  // namespace maildoctor::explain
