// Who was told what during a run: for the report.
#pragma once

#include <vector>

#include "core/model/report.h"

namespace maildoctor::doctor {

/// @param discovery what the search for published settings told
/// @param seen logins, relay tests and test messages are read off it
std::vector<Told> who_was_told(const Request& request, const std::vector<IpAddress>& resolvers,
                               std::vector<Told> discovery, const std::vector<Observation>& seen);

}  // namespace maildoctor::doctor
