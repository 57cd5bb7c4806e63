// Provider automatic configuration for clients (draft-ietf-mailmaint-pacc): a JSON document whose digest
// stands in DNS.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/publication.h"
#include "core/model/report.h"

namespace maildoctor::discover {

/// Whether one of the TXT records of _ua-auto-config.DOMAIN carries the SHA-256 digest of exactly these
/// octets: "v=UAAC1; a=sha256; d=<base64>". Unknown tags are ignored; several records may stand side by side
/// while a document is replaced.
/// @param texts the records, the strings of each joined
enum class PaccDigest : std::uint8_t {
    matches,
    differs,  ///< a record is there, for other octets
    missing,  ///< no record that can be read
};
PaccDigest check_pacc_digest(const std::vector<std::string>& texts, std::string_view body);

/// The TXT record for these octets.
std::string pacc_record(std::string_view body);

/// Reads the document: the hosts of "protocols", each at its port for TLS (993, 995, 465), the login methods
/// of "authentication". Never fails as a call: what is wrong stands in `faults`.
/// @param bytes from anybody
/// @param email what people log in with
PublishedDocument read_pacc(std::string_view bytes, const EmailAddress& email);

/// What the JSON form of Autodiscover says (version 2): where the plain XML answer is, or why there is none.
struct AutodiscoverPointer {
    std::string url{};    ///< of the protocol that was asked for
    std::string error{};  ///< "InvalidProtocol: …", cleaned
};
AutodiscoverPointer read_autodiscover_pointer(std::string_view bytes);

}  // namespace maildoctor::discover
