// A text that can be shown to others: names, addresses and IP addresses replaced, the same one always the
// same way.
#pragma once

#include <string>
#include <string_view>

namespace maildoctor::explain {

/// Replaces e-mail addresses by user1@domain1.example, host names by host1.domain1.example, IP addresses by
/// documentation addresses (RFC 5737, RFC 3849); names of known public mail providers and of standards stay,
/// since they are what the error is about. Secrets must have been removed before.
std::string anonymised(std::string_view text);

}  // namespace maildoctor::explain
