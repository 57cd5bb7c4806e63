// POP3 status lines, multi-line bodies, the greeting's stamp and CAPA: octets in, values out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/result.h"

namespace maildoctor::protocol {

/// One status line, or one challenge of a SASL exchange.
struct Pop3Status {
    enum class Kind : std::uint8_t { ok, err, challenge } kind{};
    std::string code{};  ///< response code without brackets, upper case: "IN-USE", "SYS/TEMP" (RFC 2449
                         ///< section 8, RFC 3206)
    std::string text{};  ///< what follows, as sent (the response code included); of a challenge its base64

    friend bool operator==(const Pop3Status&, const Pop3Status&) = default;
};

namespace pop3_bounds {
inline constexpr std::size_t line = 2048;        ///< octets; RFC 2449 section 4 asks for 512
inline constexpr std::size_t challenge = 16384;  ///< octets of a SASL challenge line
inline constexpr std::size_t lines = 512;        ///< of a body
inline constexpr std::size_t body = 64U * 1024;  ///< octets
}  // namespace pop3_bounds

/// Takes one status line off the front of `bytes` ("+OK", "-ERR" in any case, or "+ " with a SASL challenge).
/// @return as take_smtp_reply (smtp_reply.h)
/// @see RFC 1939 section 3, RFC 5034 section 4
Result<std::optional<Pop3Status>> take_pop3_status(std::string_view& bytes);

/// Takes a whole multi-line body with its final "." off the front of `bytes`; doubled dots are made single.
/// @return its lines; std::nullopt when more octets are needed; FailureKind::too_large when it is over
/// pop3_bounds
/// @see RFC 1939 section 3
Result<std::optional<std::vector<std::string>>> take_pop3_body(std::string_view& bytes);

/// The "<…>" of a greeting that allows APOP, with its angle brackets; empty when there is none (RFC 1939
/// section 7).
std::string apop_stamp(std::string_view greeting);

/// What a server says that it can do (RFC 2449 section 6).
struct Pop3Capabilities {
    std::vector<std::string> lines{};  ///< as sent
    std::vector<std::string> sasl{};   ///< mechanisms, upper case
    bool user{false};                  ///< USER and PASS are accepted
    bool stls{false};
    bool response_codes{false};                  ///< RESP-CODES
    std::optional<std::uint64_t> login_delay{};  ///< seconds between two logins
    std::optional<std::uint64_t> expire{};  ///< days after which messages may be removed; nothing for NEVER
};
Pop3Capabilities read_capa(const std::vector<std::string>& lines);

}  // namespace maildoctor::protocol
