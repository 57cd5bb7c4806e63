// OpenSSL with only those key formats that handshakes need. For the .cpp files of this room only.
#pragma once

#include <openssl/types.h>

namespace maildoctor::tls {

/// A library context of the process with everything that OpenSSL's default provider has, but of its decoders
/// those alone that read the public key of a certificate. OpenSSL 3.0 looks through all decoders for each
/// certificate that it reads, which is a quarter of a client's handshake (docs/adr/0010-lean-openssl.md).
/// Never freed. Safe from any thread.
/// @return null, which is OpenSSL's own context, where it cannot be made or where only FIPS modules may be
/// used
OSSL_LIB_CTX* lean_library();

}  // namespace maildoctor::tls
