// What a network, TLS or protocol call gives back: a value, or the evidence why there is none.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace maildoctor {

enum class Stage : std::uint8_t {
    dns_lookup,
    connect,
    tls_handshake,
    greeting,
    capabilities,
    starttls,
    login,
    command,
    http,
    local
};

enum class FailureKind : std::uint8_t {
    refused,       ///< RST to our SYN
    timed_out,     ///< the deadline of this operation ran out
    unreachable,   ///< no route (host, network), from the local system or by ICMP
    reset,         ///< the connection was reset after it was made
    peer_closed,   ///< orderly end of stream where more was expected
    tls_alert,     ///< native_code is the alert number (RFC 8446 section 6)
    tls_error,     ///< the TLS library gave up; text has its error queue
    bad_syntax,    ///< the peer's bytes are not of the protocol
    rejected,      ///< the peer answered no; native_code is the SMTP reply code (0 for POP3 and IMAP)
    too_large,     ///< a bound on length or count was exceeded
    cancelled,     ///< somebody stopped the work
    not_possible,  ///< the local system cannot do it (no sockets, no permission, no IPv6)
    out_of_time,   ///< the command's whole time limit ran out before or during the operation
};

/// Evidence for a diagnosis, never an exception.
struct Failure {
    Stage stage{};
    FailureKind kind{};
    int native_code{0};  ///< errno-like number, SMTP reply code or TLS alert, as `kind` says; else 0
    std::string text{};  ///< verbatim words of the peer, or our own; never holds a secret
};

template <class T>
using Result = std::expected<T, Failure>;

std::string_view word(Stage value) noexcept;
std::string_view word(FailureKind value) noexcept;

inline std::unexpected<Failure> failed(Stage stage, FailureKind kind, std::string text = {},
                                       int native_code = 0) {
    return std::unexpected(
        Failure{.stage = stage, .kind = kind, .native_code = native_code, .text = std::move(text)});
}

}  // namespace maildoctor
