// The questions of the reference client of tests/bench, exactly: 12 DNS questions and 7 ports.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/async/task.h"
#include "core/doctor/politeness.h"
#include "core/model/host_name.h"
#include "core/model/observation.h"
#include "core/probe/context.h"

namespace maildoctor::doctor {

/// Asks MX, SPF, DMARC, the host's addresses, autoconfig and the six SRV names, and holds a dialog on ports
/// 25, 110, 143, 465, 587, 993 and 995 of the host's first IPv4 address, all at once. Nothing is asked twice
/// and nothing follows up, so that the cost can be compared with the reference client's.
/// Which observations are given back: a list, whose output tells of none, cannot afford all of them.
enum class Kept : std::uint8_t { all, visits };

/// @param politeness towards the host's address; null: none
Task<std::vector<Observation>> probe_reference(probe::ContextPtr context,
                                               std::shared_ptr<Politeness> politeness, HostName domain,
                                               HostName host, Kept kept);

}  // namespace maildoctor::doctor
