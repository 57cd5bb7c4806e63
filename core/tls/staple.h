// The OCSP answer that a server staples to its handshake. For the .cpp files of this room only.
#pragma once

#include <openssl/ssl.h>

#include "core/model/facts.h"

namespace maildoctor::tls {

/// Reads and verifies the stapled answer of a finished handshake (RFC 6066 section 8).
/// @return not_checked when there is none; unknown when it cannot be trusted or is out of date
Revocation stapled_status(SSL* ssl, X509_STORE* store, STACK_OF(X509) * chain);

}  // namespace maildoctor::tls
