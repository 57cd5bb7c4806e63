// DNS questions as observations.
#pragma once

#include <string>
#include <vector>

#include "core/async/task.h"
#include "core/model/observation.h"
#include "core/probe/context.h"

namespace maildoctor::probe {

/// One DNS question. One observation: yes when records were found, no when there are none, unknown when
/// nobody could tell.
Task<Observation> lookup(ContextPtr context, std::string name, RecordType type, std::string source);

/// The addresses of a host: the A and the AAAA observation. The hosts file is honoured, literals pass
/// through.
Task<std::vector<Observation>> host_addresses(ContextPtr context, HostName host, std::string source);

}  // namespace maildoctor::probe
