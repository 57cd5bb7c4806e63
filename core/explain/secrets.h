// Passwords in pasted text: found before anything else and taken out.
#pragma once

#include <string>
#include <string_view>

namespace maildoctor::explain {

inline constexpr std::string_view secret_mark = "[secret removed]";

/// Replaces by secret_mark: what follows AUTH/AUTHENTICATE mechanisms, the answers to 334 and to IMAP's "+",
/// PASS, the second argument of IMAP's LOGIN, values of password=…, Authorization headers, bearer tokens and
/// passwords in URLs. Doing it twice changes nothing more.
/// @return whether something was taken out
bool remove_secrets(std::string& text);

}  // namespace maildoctor::explain
