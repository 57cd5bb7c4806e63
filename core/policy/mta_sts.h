// MTA-STS (RFC 8461): the record, the policy file, and which exchangers a policy covers. No network.
#pragma once

#include <string_view>

#include "core/model/policy.h"

namespace maildoctor::policy {

inline constexpr std::size_t max_policy_file = 64 * 1024;  // octets (RFC 8461 section 3.3)
inline constexpr std::int64_t longest_max_age = 31557600;  // seconds, a year (section 3.2)

/// Judges the TXT records at _mta-sts.<domain> (section 3.1): `record` and `id`.
MtaStsFacts read_mta_sts(const DnsFacts& answer);

/// Reads a policy file (section 3.2) into `file`, `mode`, `mx` and `max_age`. Its state becomes found.
/// @param body the octets after the HTTP head; more than max_policy_file is a fault
void read_mta_sts_file(std::string_view body, MtaStsFacts& facts);

/// Whether a host name fits an mx line: equal, or below "*." by exactly one label (section 4.1).
/// @param host without a final dot; letters in any case
bool mx_matches(std::string_view pattern, std::string_view host);

/// Fills `missing` with the exchangers that no mx line covers, and says which lines to add.
void compare_exchangers(const std::vector<std::string>& exchangers, MtaStsFacts& facts);

}  // namespace maildoctor::policy
