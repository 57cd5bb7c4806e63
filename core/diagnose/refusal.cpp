#include "core/diagnose/refusal.h"

#include <algorithm>
#include <array>

#include "core/explain/explain.h"
#include "core/model/dialog.h"

namespace maildoctor::diagnose {

bool means_not_now(Cause cause) noexcept {
    static constexpr std::array causes = {Cause::smtp_rate_limited, Cause::smtp_greylisted,
                                          Cause::auth_rate_limited, Cause::mailbox_too_many_connections};
    return std::ranges::find(causes, cause) != causes.end();
}

RefusalCause refusal_cause(const Observation& seen, const knowledge::Pack& pack, Cause otherwise) {
    const auto candidates = explain::classify_reply(
        seen.mail->refusal,
        {.protocol = seen.subject.protocol.value_or(Protocol::smtp),
         .stage = greeted(seen) ? explain::Stage::capabilities : explain::Stage::greeting},
        pack);
    if (candidates.empty()) return {.cause = otherwise, .confidence = Confidence::likely, .rule = "refusal"};
    const CauseCandidate& best = candidates.front();
    return {.cause = best.cause,
            .confidence = best.confidence,
            .rule = best.matched.empty() ? "refusal" : best.matched.front().rule};
}

std::optional<RefusalCause> fault_in_greeting(const Observation& seen, const knowledge::Pack& pack) {
    if (!seen.mail || seen.mail->greeting.empty()) return std::nullopt;
    const auto candidates = explain::classify_reply(
        seen.mail->greeting,
        {.protocol = seen.subject.protocol.value_or(Protocol::smtp), .stage = explain::Stage::greeting},
        pack);
    if (candidates.empty() || candidates.front().confidence == Confidence::possible) return std::nullopt;
    const CauseCandidate& best = candidates.front();
    if (best.cause != Cause::mailbox_server_error && best.cause != Cause::smtp_service_unavailable)
        return std::nullopt;
    return RefusalCause{.cause = best.cause,
                        .confidence = best.confidence,
                        .rule = best.matched.empty() ? "greeting" : best.matched.front().rule};
}

}  // namespace maildoctor::diagnose
