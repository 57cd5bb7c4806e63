// What a server's refusal means, by the same rules as pasted text.
#pragma once

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

/// Whether a cause is the server's way to say "not now": never reported as a fault.
bool means_not_now(Cause cause) noexcept;

}  // namespace maildoctor::diagnose
