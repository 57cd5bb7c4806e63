#include "core/explain/reasons.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace maildoctor::explain {
namespace {

constexpr double reach = 260;  ///< a reason that lacks more weight than this is none

bool is_reason(Cause reason, Cause failure) {
    if (failure == Cause::tls_handshake_failed)
        return cause_id(reason).starts_with("tls.") && reason != Cause::tls_handshake_failed;
    return failure == Cause::net_connect_failed &&
           (reason == Cause::dns_host_not_found || reason == Cause::dns_lookup_failed ||
            reason == Cause::net_refused || reason == Cause::net_timeout || reason == Cause::net_unreachable);
}

}  // namespace

void prefer_reasons(std::vector<CauseCandidate>& causes) {
    const auto first = std::ranges::max_element(causes, {}, &CauseCandidate::weight);
    if (first == causes.end()) return;
    CauseCandidate* reason = nullptr;
    for (CauseCandidate& candidate : causes) {
        if (candidate.confidence == Confidence::possible || candidate.weight < first->weight - reach ||
            !is_reason(candidate.cause, first->cause))
            continue;
        if (!reason || candidate.weight > reason->weight) reason = &candidate;
    }
    if (reason) std::swap(reason->weight, first->weight);
}

}  // namespace maildoctor::explain
