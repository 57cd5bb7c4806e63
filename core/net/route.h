// Whether this computer is on a network at all.
#pragma once

#include <vector>

#include "core/async/task.h"
#include "core/model/ip_address.h"

namespace maildoctor::net {

/// Whether this computer knows a way to any of these addresses. Asks its own routing table only; sends
/// nothing.
Task<bool> has_route(std::vector<IpAddress> addresses);

}  // namespace maildoctor::net
