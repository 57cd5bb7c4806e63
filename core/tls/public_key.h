// Reading a bare public key, as DNS records hold it. Pure function from octets to values.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace maildoctor::tls {

struct PublicKey {
    std::string type{};  ///< "rsa", "ed25519", "ec", "other"
    int bits{};
};

/// Reads a SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7) or a bare RSAPublicKey (RFC 8017 appendix A.1.1)
/// in DER.
/// @return nothing when it is neither, or when octets follow it
std::optional<PublicKey> read_public_key(std::string_view der);

}  // namespace maildoctor::tls
