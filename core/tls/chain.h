// Verifying a presented chain: every fault, not only the first, and what the faults amount to.
// For the .cpp files of this room only.
#pragma once

#include <openssl/x509.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/model/facts.h"
#include "core/model/host_name.h"
#include "core/tls/trust_store.h"

namespace maildoctor::tls {

/// What verification says about a chain, without the host name.
struct ChainVerdict {
    std::vector<VerifyError> errors;
    std::vector<ChainFault> faults;
};

/// Verifies chains against one trust store and remembers the verdicts for the run, keyed by all presented
/// certificates. Intermediates that servers sent are kept too, to tell a missing link from an authority that
/// is not trusted. Safe for use by several loops.
class ChainVerifier {
public:
    explicit ChainVerifier(std::unique_ptr<TrustStore> trust) : trust_(std::move(trust)) {}

    /// @param chain as presented, leaf first; not empty
    ChainVerdict verify(STACK_OF(X509) * chain);
    X509_STORE* store() const noexcept { return trust_->get(); }

private:
    ChainVerdict verify_anew(STACK_OF(X509) * chain);
    /// Tells a missing intermediate from an untrusted issuer where the issuer of the last certificate is
    /// unknown.
    ChainFault judge_unknown_issuer(STACK_OF(X509) * chain);
    bool verifies_with_known_links(STACK_OF(X509) * chain);
    void remember_links(STACK_OF(X509) * chain);

    std::unique_ptr<TrustStore> trust_;
    std::mutex guard_;
    std::map<std::string, ChainVerdict> verdicts_;
    std::map<std::string, X509Ptr> links_;  // by fingerprint
};

}  // namespace maildoctor::tls
