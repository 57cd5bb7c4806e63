// What a server's refusal means, by the same rules as pasted text.
#pragma once

#include <optional>
#include <string>

#include "core/knowledge/pack.h"
#include "core/model/observation.h"
#include "core/model/report.h"

namespace maildoctor::diagnose {

/// The cause behind a server's refusal; `otherwise` when no rule knows it.
struct RefusalCause {
    Cause cause{};
    Confidence confidence{};
    std::string rule{};
};
RefusalCause refusal_cause(const Observation& seen, const knowledge::Pack& pack, Cause otherwise);

/// The fault that a greeting owns up to ("Waiting for authentication process to respond"), where the server
/// says no more after it. Only what a rule knows counts, and only a fault of the server itself.
std::optional<RefusalCause> fault_in_greeting(const Observation& seen, const knowledge::Pack& pack);

/// Whether a cause is the server's way to say "not now": never reported as a fault.
bool means_not_now(Cause cause) noexcept;

}  // namespace maildoctor::diagnose
