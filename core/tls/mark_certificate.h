// Certificates for brand logos (verified and common mark certificates), as plain facts.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/model/facts.h"

namespace maildoctor::tls {

struct MarkCertificate {
    CertificateFacts leaf{};
    std::size_t certificates{};  ///< in the file, the leaf included
    bool chained{true};          ///< each is signed by the one that follows
    bool for_logos{false};       ///< extended key usage id-kp-BrandIndicatorforMessageIdentification
    bool has_logo{false};        ///< logotype extension (RFC 9399)
    std::string mark_type{};     ///< "Registered Mark", "Prior Use Mark", …; may be empty
};

/// Reads a file of PEM certificates, the logo's own first. Nothing vouches for the issuer: the authorities
/// for logos are not those for servers.
/// @param pem from anybody; more than ten certificates are not looked at
/// @return nothing when the first block is no certificate
std::optional<MarkCertificate> read_mark_certificate(std::string_view pem);

}  // namespace maildoctor::tls
