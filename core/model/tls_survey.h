// What a server's TLS can do, version by version, as plain values: the answers to many small questions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/words.h"

namespace maildoctor {

/// Versions by their number on the wire.
enum class TlsVersion : std::uint16_t {
    ssl2 = 0x0002,
    ssl3 = 0x0300,
    tls1_0 = 0x0301,
    tls1_1 = 0x0302,
    tls1_2 = 0x0303,
    tls1_3 = 0x0304
};

/// How far a cipher suite can be trusted today.
enum class CipherStrength : std::uint8_t {
    good,    ///< authenticated encryption with forward secrecy
    old,     ///< safe enough, but without forward secrecy or in CBC mode
    weak,    ///< RC4, 3DES, IDEA, SEED or MD5: current programs refuse it
    broken,  ///< no encryption, no authentication, export keys or single DES
};

struct CipherSeen {
    std::uint16_t code{};
    std::string name{};  ///< IANA's, or "0x1234" where it has none
    CipherStrength strength{CipherStrength::good};

    friend bool operator==(const CipherSeen&, const CipherSeen&) = default;
};

/// One protocol version.
struct VersionSeen {
    TlsVersion version{};
    Answer offered{Answer::unknown};
    std::vector<CipherSeen> ciphers{};  ///< in the server's order where it has one, else in ours
    Answer own_order{Answer::unknown};  ///< the server's preference decides, not the client's
    bool complete{true};                ///< all its ciphers were found
    std::string because{};              ///< how it refuses, or why that is unknown
};

struct GroupSeen {
    std::uint16_t code{};
    std::string name{};

    friend bool operator==(const GroupSeen&, const GroupSeen&) = default;
};

/// What hinders an old mail program.
enum class Obstacle : std::uint8_t {
    none,
    version,    ///< no protocol version in common
    cipher,     ///< no cipher suite in common
    small_key,  ///< the server's Diffie-Hellman group is too short for the program
    large_key,  ///< … or too long
    other,      ///< the server ends the handshake and does not say why
};

/// One mail program's first message, and what the server made of it.
struct ClientTrial {
    std::string id{}, name{};
    std::string program{};  ///< id of the mail program in the rules
    Answer connects{Answer::unknown};
    std::string version{};  ///< that the server chose: "TLS 1.0"
    std::string cipher{};
    std::string best_version{};  ///< the newest that the program offers
    Obstacle obstacle{Obstacle::none};
    std::string because{};  ///< the server's alert, or why nothing is known
};

/// Everything about one server, asked over one address and port.
struct TlsSurvey {
    std::vector<VersionSeen> versions{};  ///< newest first
    std::vector<GroupSeen> groups{};      ///< for key exchange, the preferred one first
    int dh_bits{};                        ///< of the finite-field group; 0: none was met
    Answer compression{Answer::unknown};
    Answer secure_renegotiation{Answer::unknown};  ///< RFC 5746
    Answer client_renegotiation{Answer::unknown};  ///< a client may ask for a new handshake
    Answer extended_master_secret{Answer::unknown};
    Answer downgrade_protection{Answer::unknown};  ///< TLS_FALLBACK_SCSV (RFC 7507)
    Answer resumes_ids{Answer::unknown};           ///< up to TLS 1.2, by session id
    Answer resumes_tickets{Answer::unknown};       ///< up to TLS 1.2, by ticket (RFC 5077)
    Answer resumes_psk{Answer::unknown};           ///< TLS 1.3
    std::vector<ClientTrial> clients{};
    int connections{};      ///< that were made for all this
    std::string stopped{};  ///< why not everything was asked; empty: it was
};

/// "TLS 1.2", "SSL 3"
std::string_view version_name(TlsVersion version) noexcept;
const VersionSeen* find_version(const TlsSurvey& survey, TlsVersion version) noexcept;
bool offers(const TlsSurvey& survey, TlsVersion version) noexcept;
/// SSL 3 and the versions of TLS below 1.`minor`, oldest first: what a policy of a minimum forbids.
std::vector<TlsVersion> versions_below(int minor);
/// The newest version that is offered, or nullptr.
const VersionSeen* newest(const TlsSurvey& survey) noexcept;

}  // namespace maildoctor
