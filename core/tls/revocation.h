// Which presented certificate can be asked about, where, and what the answers say. For the .cpp files of this
// room only.
#pragma once

#include <openssl/x509.h>

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "core/model/facts.h"
#include "core/tls/client.h"
#include "core/tls/openssl_ptr.h"

namespace maildoctor::tls {

/// The chains that servers presented lately, by the fingerprint of their first certificate. Safe for use by
/// several loops.
class SeenCertificates {
public:
    /// @param leaf the facts of the first certificate
    void keep(STACK_OF(X509) * chain, const CertificateFacts& leaf);
    std::optional<RevocationQuestion> question(const std::string& sha256, X509_STORE* store) const;
    Revocation read_ocsp(const std::string& sha256, std::string_view der, X509_STORE* store) const;
    Revocation read_crl(const std::string& sha256, std::string_view der, X509_STORE* store) const;

private:
    using Chain = Owned<STACK_OF(X509), [](STACK_OF(X509) * s) { sk_X509_pop_free(s, X509_free); }>;
    struct Pair {
        X509Ptr leaf{}, issuer{};
        Chain chain{};
    };
    /// Owners of their own, so that nothing is held locked while they are in use.
    std::optional<Pair> find(const std::string& sha256, X509_STORE* store) const;

    mutable std::mutex guard_;
    std::map<std::string, Chain> chains_;
};

}  // namespace maildoctor::tls
