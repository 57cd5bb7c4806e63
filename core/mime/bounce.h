// Saved messages and bounces: what a person would want to read in them, as plain text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace maildoctor::mime {

/// One recipient's fields of a delivery status report (RFC 3464 section 2.3).
struct DeliveryStatus {
    std::string recipient{};   ///< Final-Recipient without its type
    std::string action{};      ///< "failed", "delayed", …
    std::string status{};      ///< "5.1.1"
    std::string diagnostic{};  ///< the server's own words, without "smtp;"
    std::string remote_mta{};  ///< host name, without "dns;"
};

struct ReadableMail {
    std::vector<DeliveryStatus> recipients{};
    std::string text{};  ///< the human part, decoded; octets in the charset of the part
};

/// Multiparts inside multiparts are opened this deep.
inline constexpr int max_depth = 8;

/// Whether the text starts with the header of a mail (three or more fields of RFC 5322 and a blank line).
bool looks_like_mail(std::string_view text);

/// Opens a mail: multiparts (RFC 2046), base64 and quoted-printable, delivery status parts. What Poco refuses
/// (header values over 8,192 octets) falls back to a scan of the lines for Status, Diagnostic-Code and
/// Remote-MTA.
ReadableMail read_mail(std::string_view bytes);

/// The same as one text: the status fields, then the human part. The mail that came back is left out.
std::string readable_text(std::string_view bytes);

}  // namespace maildoctor::mime
