// The OCSP answer that a server staples to its handshake. For the .cpp files of this room only.
#pragma once

#include <openssl/ssl.h>

#include <string_view>

#include "core/model/facts.h"

namespace maildoctor::tls {

/// Reads and verifies the stapled answer of a finished handshake (RFC 6066 section 8).
/// @return not_checked when there is none; unknown when it cannot be trusted or is out of date
Revocation stapled_status(SSL* ssl, X509_STORE* store, STACK_OF(X509) * chain);

/// The certificate among `chain` that signed this one; nullptr when it is not there.
X509* issuer_of(X509* certificate, STACK_OF(X509) * chain);

/// Reads and verifies an OCSP answer (RFC 6960) about `leaf`.
/// @param der the answer; @param chain where the responder's issuer may be found beside the store
/// @return unknown when it cannot be read, trusted or is out of date
Revocation ocsp_status(std::string_view der, X509* leaf, X509* issuer, X509_STORE* store,
                       STACK_OF(X509) * chain);

}  // namespace maildoctor::tls
