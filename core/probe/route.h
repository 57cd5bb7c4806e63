// Whether this computer is on a network at all.
#pragma once

#include <vector>

#include "core/async/task.h"
#include "core/model/observation.h"
#include "core/probe/context.h"

namespace maildoctor::probe {

/// Does this computer know a way to any of these addresses? Asks its own routing table only; sends nothing.
/// @return yes or no; `subject` names no host
Task<Observation> has_route(ContextPtr context, std::vector<IpAddress> addresses);

}  // namespace maildoctor::probe
