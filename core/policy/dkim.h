// DKIM key records (RFC 6376 section 3.6.1, RFC 8301, RFC 8463). No network.
#pragma once

#include <array>
#include <string_view>

#include "core/model/policy.h"

namespace maildoctor::policy {

/// Selectors that services and mail servers use unless told otherwise; asked for where none is given.
inline constexpr std::array<std::string_view, 24> usual_selectors = {
    "default",     "dkim",        "mail",  "selector1", "selector2", "google", "s1",      "s2",
    "k1",          "k2",          "k3",    "fm1",       "fm2",       "fm3",    "mxvault", "protonmail",
    "protonmail2", "protonmail3", "dkim1", "smtp",      "key1",      "s1024",  "s2048",   "zoho"};

/// Judges the TXT records at <selector>._domainkey.<domain>.
/// @param given the selector was named by the user: then a missing key is a fault of the record
DkimFacts read_dkim(const DnsFacts& answer, std::string selector, bool given);

}  // namespace maildoctor::policy
