#include "core/doctor/revocations.h"

#include <algorithm>
#include <utility>

namespace maildoctor::doctor {
namespace {

void apply(const probe::RevocationAnswer& answer, TlsFacts& tls) {
    tls.revocation = answer.status;
    tls.revocation_source = answer.source;
    tls.revocation_because = answer.because;
    if (answer.status != Revocation::revoked) return;
    if (std::ranges::find(tls.faults, ChainFault::revoked) == tls.faults.end())
        tls.faults.push_back(ChainFault::revoked);
    tls.verified = false;
}

}  // namespace

void Revocations::ask_about(Observation& seen) {
    if (!web_ || !seen.tls || seen.tls->chain.empty() || seen.subject.role == Role::mx) return;
    const CertificateFacts& leaf = seen.tls->chain.front();
    if (seen.tls->staple == Revocation::good || seen.tls->staple == Revocation::revoked) return;
    if (leaf.ocsp_url.empty() && leaf.crl_url.empty()) return;
    const auto [known, fresh] = known_.try_emplace(leaf.sha256);
    if (!fresh) return apply(known->second, *seen.tls);
    group_.start(learn(leaf.sha256));
}

Task<void> Revocations::learn(std::string sha256) {
    auto answer = co_await probe::ask_revocation(context_, web_, sha256);
    for (Observation& seen : seen_) {
        if (seen.tls && !seen.tls->chain.empty() && seen.tls->chain.front().sha256 == sha256)
            apply(answer, *seen.tls);
    }
    for (const std::string& host : answer.asked)
        told_.insert(host);
    known_[sha256] = std::move(answer);
    news_.nudge();
}

}  // namespace maildoctor::doctor
