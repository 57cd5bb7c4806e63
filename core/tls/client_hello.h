// Our own first message of a TLS handshake, for questions that no library asks: old versions, single cipher
// suites, the message of an old mail program. Octets only; nothing secret is made, no key is ever exchanged.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/tls_survey.h"

namespace maildoctor::tls {

/// What a ClientHello says (RFC 8446 section 4.1.2, RFC 5246 section 7.4.1.2). Lists that are empty leave
/// their extension out.
struct ClientHello {
    TlsVersion newest{TlsVersion::tls1_2};  ///< ssl3 to tls1_2: legacy_version; tls1_3: by extension
    /// With tls1_3: all versions that are offered; else not sent.
    std::vector<TlsVersion> supported_versions{};
    std::vector<std::uint16_t> ciphers{};
    std::vector<std::uint8_t> compressions{0};
    std::string server_name{};  ///< empty: no server_name extension
    std::vector<std::uint16_t> groups{};
    std::vector<std::uint16_t> signature_algorithms{};
    bool renegotiation_info{true};  ///< as TLS_EMPTY_RENEGOTIATION_INFO_SCSV, which is no extension
    bool fallback_scsv{false};      ///< TLS_FALLBACK_SCSV (RFC 7507)
    bool session_ticket{false};
    bool extended_master_secret{false};
    bool point_formats{true};  ///< with groups: uncompressed points
    /// TLS 1.3: a share for this group made of the random octets; 0: none, the server then names its choice
    /// in a HelloRetryRequest (RFC 8446 section 4.2.8). Only X25519 can do with random octets.
    std::uint16_t key_share{0};
    std::array<std::uint8_t, 32> random{};
};

inline constexpr std::uint16_t x25519 = 0x001d;

/// The message in one record, ready to be sent. `hello` must fit: at most 16 KiB of lists.
std::string client_hello_record(const ClientHello& hello);

/// The first message of SSL 2 (the draft of 1995, section 2.5): the only one that an SSL 2 server
/// understands.
std::string ssl2_client_hello(const std::array<std::uint8_t, 32>& random);

/// The signature algorithms that current programs offer, the better ones first.
const std::vector<std::uint16_t>& usual_signature_algorithms();

}  // namespace maildoctor::tls
