// Server settings on the command line: imap://host:993?security=tls
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "core/model/settings.h"

namespace maildoctor {

/// Reads
/// `imap|imaps|pop3|pop3s|smtp|smtps|submission|submissions://host[:port][/][?security=tls|starttls|none]`.
/// Without `security` the port's custom decides (993, 995, 465: tls; else starttls); without a port the usual
/// one of the mode.
/// @return the setting, or one line that says what is wrong with the text. User information is refused: a
/// password
///         on a command line is visible to everybody on the machine.
std::expected<ServerSetting, std::string> parse_server_url(std::string_view url);

/// The same setting as text, e.g. "imap://mail.example.org:993?security=tls".
std::string server_url(const ServerSetting& setting);

}  // namespace maildoctor
