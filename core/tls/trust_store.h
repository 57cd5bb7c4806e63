// The certificates of authorities that this computer trusts. For the .cpp files of this room only.
#pragma once

#include <openssl/x509.h>

#include <memory>
#include <string>
#include <vector>

#include "core/model/result.h"
#include "core/tls/openssl_ptr.h"

namespace maildoctor::tls {

/// One X509_STORE a process. Nothing is read before the first chain needs it: the hashed directory is asked
/// for single certificates (0.1 ms) instead of reading the bundle (16 ms).
class TrustStore {
public:
    /// @param ca_file a PEM file that replaces the system's store; empty: OpenSSL's defaults, with
    /// SSL_CERT_FILE and
    ///        SSL_CERT_DIR honoured
    /// @return not_possible with one line when `ca_file` cannot be read or holds no certificate
    static Result<std::unique_ptr<TrustStore>> open(const std::string& ca_file);

    X509_STORE* get() const noexcept { return store_.get(); }
    /// Whether an authority of this store has the same organisation as `name`: a hint that only a link is
    /// missing. Known for an own file only (the hashed directory is never read as a whole).
    bool knows_organisation_of(const X509_NAME* name) const;

private:
    StorePtr store_;
    std::vector<X509Ptr> own_;
};

}  // namespace maildoctor::tls
