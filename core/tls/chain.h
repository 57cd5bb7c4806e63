// Verifying a presented chain: every fault, not only the first, and what the faults amount to.
// For the .cpp files of this room only.
#pragma once

#include <openssl/x509.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/async/deadline.h"
#include "core/model/facts.h"
#include "core/model/host_name.h"
#include "core/tls/trust_store.h"

namespace maildoctor::tls {

/// What verification says about a chain: nothing in it depends on the host name, a staple or revocation.
struct ChainVerdict {
    std::vector<VerifyError> errors{};
    std::vector<ChainFault> faults{};
    bool in_order{true};  ///< each certificate is followed by its issuer
};

/// What can be said of a presented chain.
struct PresentedChain {
    std::vector<std::shared_ptr<const CertificateFacts>> certificates{};  ///< leaf first; 100 at most
    std::shared_ptr<const ChainVerdict> verdict{};
};

/// Verifies chains as those of TLS servers (purpose `ssl_server`) against one trust store. A verdict is
/// remembered under the octets of all presented certificates, in their order, and holds for `life`, but not
/// beyond the moment at which one of them begins or ceases to be valid. The facts of a certificate follow
/// from its octets and are read once. Intermediates that servers sent are kept too, to tell a missing link
/// from an authority that is not trusted. Safe for use by several loops.
class ChainVerifier {
public:
    /// @param life of a verdict; zero: every chain is verified anew
    ChainVerifier(std::unique_ptr<TrustStore> trust, std::chrono::milliseconds life)
        : trust_(std::move(trust)), life_(life) {}

    /// @param chain as presented, leaf first; not empty
    PresentedChain judge(STACK_OF(X509) * chain);
    X509_STORE* store() const noexcept { return trust_->get(); }
    /// Chains that were verified, not remembered.
    std::uint64_t verifications() const noexcept { return verifications_; }

private:
    using FactsPtr = std::shared_ptr<const CertificateFacts>;
    using VerdictPtr = std::shared_ptr<const ChainVerdict>;
    struct Remembered {
        VerdictPtr verdict{};
        Clock::time_point verify_again{};
    };

    FactsPtr facts_of(X509* certificate, const std::string& print);
    VerdictPtr remembered(const std::string& key);
    Clock::time_point good_until(const std::vector<FactsPtr>& certificates) const;
    ChainVerdict verify(STACK_OF(X509) * chain);
    /// Tells a missing intermediate from an untrusted issuer where the issuer of the last certificate is
    /// unknown.
    ChainFault judge_unknown_issuer(STACK_OF(X509) * chain);
    bool verifies_with_known_links(STACK_OF(X509) * chain);
    void remember_links(STACK_OF(X509) * chain);

    std::unique_ptr<TrustStore> trust_;
    std::chrono::milliseconds life_;
    std::atomic<std::uint64_t> verifications_{0};
    std::mutex guard_;  // of what follows; never held while a chain is verified
    std::unordered_map<std::string, Remembered> verdicts_;  // by the fingerprints of all certificates
    std::unordered_map<std::string, FactsPtr> facts_;       // by fingerprint
    std::map<std::string, X509Ptr> links_;                  // by fingerprint
};

}  // namespace maildoctor::tls
