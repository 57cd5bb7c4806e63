// E-mail addresses as people type them.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "core/model/report.h"

namespace maildoctor::names {

/// Reads a mailbox (RFC 5321 section 4.1.2): a dot-string or quoted local part, '@', a domain or an address
/// literal. Blanks around it are dropped; the domain may be internationalised, the local part may be UTF-8
/// (RFC 6531 section 3.3). A quoted local part that needs no quotes loses them.
/// @return the address, or one line that says what is wrong with it
std::expected<EmailAddress, std::string> parse_email(std::string_view text);

}  // namespace maildoctor::names
