// Names that somebody may have meant when a server name does not exist.
#pragma once

#include <vector>

#include "core/model/host_name.h"

namespace maildoctor::plan {

/// How many names are looked up at most to find the one that was meant.
inline constexpr std::size_t max_typo_lookups = 20;

/// Names near to `typed`, the most plausible first, at most max_typo_lookups: names known to exist or to be
/// usual for the account (`known`), the usual prefixes before the same domain, and single-letter corrections
/// towards those.
/// @param known published servers, usual names of the account's domain, servers of known providers
std::vector<HostName> near_names(const HostName& typed, const std::vector<HostName>& known);

}  // namespace maildoctor::plan
