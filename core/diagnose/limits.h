// The limits that servers state, and whether what the user wants is within them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/diagnose/diagnose.h"
#include "core/diagnose/draft.h"

namespace maildoctor::diagnose {

/// How large files become in a message: base64 in lines of 76 (RFC 2045 section 6.8), and some headers.
std::uint64_t size_in_message(std::uint64_t octets) noexcept;

/// The message's size that a pasted refusal names ("message size 31457280 exceeds size limit …").
std::optional<std::uint64_t> message_size_in(std::string_view text);

/// What the account's own servers (the best working ones, or those that were typed) state; and where one of
/// its servers refused one connection too many, how many it allows.
std::vector<ServerLimit> stated_limits(const Case& seen, const Settings& works, const knowledge::Pack& pack);

/// A finding where the user's message is over the outgoing server's limit.
std::vector<Draft> judge_limits(const std::vector<ServerLimit>& limits, const Case& seen);

}  // namespace maildoctor::diagnose
