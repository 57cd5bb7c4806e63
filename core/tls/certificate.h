// Reading a certificate into plain facts. For the .cpp files of this room only.
#pragma once

#include <openssl/x509.h>

#include "core/model/facts.h"
#include "core/model/host_name.h"

namespace maildoctor::tls {

/// Everything that a diagnosis needs of one certificate.
CertificateFacts certificate_facts(X509* certificate);

/// Whether the certificate is for this host (RFC 9525): dNSName or iPAddress of the subjectAltName, a
/// wildcard only as the whole first label, never the common name.
bool certificate_names(X509* certificate, const HostName& host);

/// SHA-256 over the DER of the certificate, as 32 raw octets.
std::string fingerprint(X509* certificate);

}  // namespace maildoctor::tls
