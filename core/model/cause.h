// The public vocabulary of causes: what can be wrong with somebody's e-mail (rules/causes.tsv).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace maildoctor {

/// One cause. The enumerators are the ids of rules/causes.tsv with '.' and '-' written as '_'.
enum class Cause : std::uint8_t {
#define MAILDOCTOR_CAUSE(symbol, id, meaning) symbol,
#include "model/cause_table.inc"
#undef MAILDOCTOR_CAUSE
};

/// Number of causes; valid values of Cause are 0 … cause_count - 1.
extern const std::size_t cause_count;

/// The id as it stands in rules/causes.tsv, reports and rules, e.g. "tls.name-mismatch".
std::string_view cause_id(Cause cause) noexcept;

/// What the cause means, in one English line.
std::string_view cause_meaning(Cause cause) noexcept;

/// The cause with this id, or nothing when there is none.
std::optional<Cause> cause_from_id(std::string_view id) noexcept;

}  // namespace maildoctor
