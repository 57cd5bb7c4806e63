// Which servers' TLS is worth a closer look.
#pragma once

#include <vector>

#include "core/model/observation.h"
#include "core/model/report.h"

namespace maildoctor::plan {

/// A server as it was met, and the address that answered.
struct SurveyTarget {
    ServerSetting setting;
    IpAddress address;
};

/// The typed servers as far as they can be connected to and encryption is offered; for a role without a typed
/// server the one that works best. At most one a role.
std::vector<SurveyTarget> survey_targets(const Request& request, const std::vector<Observation>& seen);

}  // namespace maildoctor::plan
