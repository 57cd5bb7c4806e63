// SMTP replies and the capabilities of EHLO: octets in, values out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/result.h"

namespace maildoctor::protocol {

/// "5.7.8": class, subject and detail (RFC 3463 section 2).
struct EnhancedStatus {
    int kind{};     ///< 2, 4 or 5
    int subject{};  ///< 0..999
    int detail{};   ///< 0..999

    std::string text() const;
    friend bool operator==(const EnhancedStatus&, const EnhancedStatus&) = default;
};

/// Takes a status from the front of a reply's text, with the space after it (RFC 2034 section 4).
/// @return std::nullopt, and `text` unchanged, when there is none
std::optional<EnhancedStatus> take_enhanced_status(std::string_view& text);

/// One reply, all its lines.
struct SmtpReply {
    int code{};               ///< 100..599, of the last line
    bool mixed_codes{false};  ///< the lines carried different codes, which RFC 5321 section 4.2.1 forbids
    std::optional<EnhancedStatus> enhanced{};  ///< of the first line
    std::vector<std::string> lines{};          ///< text after code and separator, as sent

    bool is_positive() const noexcept { return code >= 200 && code < 400; }
    bool is_transient() const noexcept { return code >= 400 && code < 500; }
    bool is_permanent() const noexcept { return code >= 500; }
    /// Code and words in one line, as a mail program would show it: "550 5.1.1 No such user. Try again". The
    /// enhanced status that servers repeat on each line stands there once. Not cleaned.
    std::string text() const;

    friend bool operator==(const SmtpReply&, const SmtpReply&) = default;
};

namespace smtp_bounds {
inline constexpr std::size_t line = 2048;  ///< octets; RFC 5321 section 4.5.3.1.5 asks for 512
inline constexpr std::size_t lines = 128;
inline constexpr std::size_t reply = 64U * 1024;  ///< octets of a whole reply
}  // namespace smtp_bounds

/// Takes one reply off the front of `bytes`. Accepts bare LF as line end, a missing text and a missing space
/// before it, and the asterisks of a masked banner right after the code.
/// @param bytes received so far; on success the reply's octets are removed from its front
/// @return the reply; std::nullopt when more octets are needed (`bytes` is unchanged);
///         FailureKind::bad_syntax, with the offending line in `text`, when it can never become a reply;
///         FailureKind::too_large when it is over one of smtp_bounds
/// @see RFC 5321 section 4.2.1 (multi-line replies)
Result<std::optional<SmtpReply>> take_smtp_reply(std::string_view& bytes);

/// What a server says that it can do.
struct SmtpCapabilities {
    std::string domain{};              ///< first word of the first line: the server's own name
    std::string hello{};               ///< the rest of that line: some servers name the client's address
    std::vector<std::string> lines{};  ///< one a capability, as sent
    bool starttls{false};
    std::vector<std::string> auth{};  ///< mechanisms, upper case, each once, in the server's order
    std::optional<std::uint64_t>
        size{};  ///< octets; nothing when not stated or "no limit" (RFC 1870 section 4)
    std::optional<std::uint64_t> recipients{};  ///< of one message: LIMITS RCPTMAX (RFC 9422)
    std::optional<std::uint64_t> messages{};    ///< of one connection: LIMITS MAILMAX
    bool masked{false};  ///< a word was overwritten with X by a device on the way ("XXXXXXXA")
};

/// Reads the reply to EHLO (RFC 5321 section 4.1.1.1), the form `AUTH=LOGIN` of old servers included.
SmtpCapabilities read_ehlo(const SmtpReply& reply);

/// Whether the words of a greeting were overwritten with asterisks (Cisco PIX and ASA: "220 ****0*2****").
bool is_masked_greeting(std::string_view text) noexcept;

}  // namespace maildoctor::protocol
