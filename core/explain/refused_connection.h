// One connection too many: what a server's refusal says about its limit.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/knowledge/pack.h"

namespace maildoctor::explain {

struct RefusedConnection {
    std::string_view rule{};                 ///< id in rules/limits
    std::optional<std::uint64_t> allowed{};  ///< connections at a time; nothing: the words name no number
};

/// Reads a refusal by the rules under rules/limits.
/// @param words of a server, with or without its reply code and tag
/// @return nothing when the refusal has another reason
std::optional<RefusedConnection> refused_connection(std::string_view words, const knowledge::Pack& pack);

}  // namespace maildoctor::explain
