// How login mechanisms put names and secrets on the wire: base64 and the messages of the simple mechanisms.
// Whatever holds a secret is a Secret itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/model/secret.h"

namespace maildoctor::protocol {

/// RFC 4648 section 4, with padding, on one line.
std::string base64(std::string_view octets);
/// The same for what nobody may see.
Secret base64_secret(const Secret& octets);

/// Strict: no blanks, no line ends, padding required, unused bits zero.
/// @param limit octets of the result at most
/// @return nothing when the text is not base64 or decodes to more than `limit`
std::optional<std::string> from_base64(std::string_view text, std::size_t limit = 16384);

/// RFC 4616: empty authorization identity, NUL, user, NUL, password.
Secret plain_message(std::string_view user, const Secret& password);

/// Google's and Microsoft's XOAUTH2: `user=…^Aauth=Bearer …^A^A`.
Secret xoauth2_message(std::string_view user, const Secret& token);

/// RFC 7628 section 3.1: GS2 header with the user, then host, port and bearer token. Commas and equals signs
/// of the user are written as =2C and =3D (RFC 5801 section 4).
Secret oauthbearer_message(std::string_view user, std::string_view host, std::uint16_t port,
                           const Secret& token);

/// An IMAP quoted string (RFC 9051 section 4.3); nothing when the text needs a literal (CR, LF, NUL, 8-bit).
std::optional<Secret> imap_quoted(const Secret& text);
std::optional<std::string> imap_quoted(std::string_view text);

/// Puts pieces together into a secret without leaving copies behind.
Secret joined_secret(std::string_view before, const Secret& middle, std::string_view after);

}  // namespace maildoctor::protocol
