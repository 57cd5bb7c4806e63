// A domain's SPF record as its publisher should see it: what it costs, what it allows, how it should read.
#pragma once

#include "core/policy/look_up.h"

namespace maildoctor::policy {

/// Reads the record and everything that it includes, and counts what a receiver has to look up at most.
/// At most fifty records are read. What depends on macros is counted, not followed.
Task<SpfFacts> look_up_spf(Ask ask, HostName domain);

/// The same for a record that is not published yet.
/// @param text as it would stand in the TXT record
Task<SpfFacts> examine_spf(Ask ask, HostName domain, std::string text);

}  // namespace maildoctor::policy
