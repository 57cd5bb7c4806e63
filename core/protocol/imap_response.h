// IMAP responses, as far as greeting, capabilities and login need them: octets in, values out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/result.h"

namespace maildoctor::protocol {

/// One response of the server (RFC 9051 section 7).
struct ImapResponse {
    enum class Kind : std::uint8_t {
        tagged,        ///< the end of our command
        untagged,      ///< OK, NO, BAD, BYE or PREAUTH without a tag: a greeting, a warning, a good-bye
        data,          ///< anything else after "* "
        continuation,  ///< "+ …": the server waits for more
    } kind{};
    enum class Condition : std::uint8_t { none, ok, no, bad, bye, preauth } condition{};
    std::string tag{};        ///< of a tagged response
    std::string code{};       ///< first word of the response code, upper case: "AUTHENTICATIONFAILED"
    std::string code_text{};  ///< what follows in the brackets
    /// Words for people; of data the whole line with its literals; of a continuation its rest.
    std::string text{};
    std::vector<std::string> capabilities{};  ///< of CAPABILITY, untagged or as response code, as sent

    friend bool operator==(const ImapResponse&, const ImapResponse&) = default;
};

namespace imap_bounds {
inline constexpr std::size_t line = 8192;            ///< octets
inline constexpr std::size_t response = 64U * 1024;  ///< octets with all literals
}  // namespace imap_bounds

/// Takes one response off the front of `bytes`, with its literals.
/// @return as take_smtp_reply (smtp_reply.h)
/// @see RFC 9051 sections 4.3 (literals), 7; RFC 5530 (response codes)
Result<std::optional<ImapResponse>> take_imap_response(std::string_view& bytes);

/// What a server says that it can do.
struct ImapCapabilities {
    std::vector<std::string> auth{};  ///< mechanisms of "AUTH=…", upper case
    bool starttls{false};
    bool login_disabled{false};
    bool sasl_ir{false};    ///< the first client message may go with AUTHENTICATE (RFC 4959)
    bool imap4rev1{false};  ///< IMAP4rev1 or rev2
    std::optional<std::uint64_t> upload_size{};  ///< octets of a message: APPENDLIMIT=N (RFC 7889)
};
ImapCapabilities read_imap_capabilities(const std::vector<std::string>& words);

}  // namespace maildoctor::protocol
