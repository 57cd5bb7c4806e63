// The SRV records by which mail programs find servers.
#pragma once

#include <array>
#include <string_view>

#include "core/model/words.h"

namespace maildoctor {

/// A service of RFC 6186 section 3 or RFC 8314 section 5.1.
struct SrvService {
    std::string_view label;  ///< stands before the domain, after a dot
    Protocol protocol;
    Security security;
};

/// Best first: encryption from the start before STARTTLS, POP3 last.
inline constexpr std::array<SrvService, 6> srv_services = {
    {{"_imaps._tcp", Protocol::imap, Security::tls},
     {"_submissions._tcp", Protocol::smtp, Security::tls},
     {"_submission._tcp", Protocol::smtp, Security::starttls},
     {"_imap._tcp", Protocol::imap, Security::starttls},
     {"_pop3s._tcp", Protocol::pop3, Security::tls},
     {"_pop3._tcp", Protocol::pop3, Security::starttls}}};

}  // namespace maildoctor
