// What kind of server speaks, told from the first octets that it sends.
#pragma once

#include <string_view>

#include "core/model/facts.h"

namespace maildoctor::protocol {

/// Looks at the first octets that came from a server, whatever was expected there. A whole line is not
/// needed, but makes SMTP and FTP, which greet alike, easier to tell apart.
/// @return Service::unknown when they say nothing
Service recognise_service(std::string_view first_octets) noexcept;

/// Whether the octets start with the header of a TLS record: content type 20..23, version 3.x (RFC 8446
/// section 5.1). Five octets are needed to be sure; with fewer, nothing is claimed.
bool is_tls_record(std::string_view octets) noexcept;

/// Whether that record is an alert, as a server sends that was greeted in plain text (RFC 8446 section 6).
bool is_tls_alert(std::string_view octets) noexcept;

/// The service that a protocol's servers show; used to compare with what was recognised.
constexpr Service service_of(Protocol protocol) noexcept {
    switch (protocol) {
        case Protocol::smtp:
            return Service::smtp;
        case Protocol::pop3:
            return Service::pop3;
        case Protocol::imap:
            return Service::imap;
    }
    return Service::unknown;
}

}  // namespace maildoctor::protocol
