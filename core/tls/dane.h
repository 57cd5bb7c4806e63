// Comparing what a server presented with TLSA records (RFC 6698, RFC 7671). No network.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/model/facts.h"

namespace maildoctor::tls {

/// The data that a TLSA record must hold to fit this certificate, in lower-case hexadecimal.
/// @param der the certificate
/// @param selector 0: the whole certificate, 1: its public key
/// @param matching 0: as it is, 1: SHA-256, 2: SHA-512
/// @return empty for other values, or when `der` is no certificate
std::string tlsa_data(const std::string& der, std::uint8_t selector, std::uint8_t matching);

/// Whether an authority that the record names vouches for the chain (usage DANE-TA, 2): it is in the chain or
/// given whole in the record, every signature up to it is good, no certificate is out of date, and the
/// server's own one is for one of `names`.
/// @param chain DER, the server's own first
/// @param now seconds since 1970 UTC
/// @param why one line when the record's data fit and something else is wrong
bool trust_anchor_vouches(const std::vector<std::string>& chain, const TlsaRecord& record,
                          const std::vector<std::string>& names, std::int64_t now, std::string& why);

}  // namespace maildoctor::tls
