// Where the run took place, and what that leaves open for somebody who is elsewhere.
#pragma once

#include <string>
#include <vector>

#include "core/diagnose/diagnose.h"
#include "core/diagnose/draft.h"

namespace maildoctor::diagnose {

/// What this network, computer or clock does is not what the caller's does: such drafts go, each leaves a
/// line in `not_tested`.
/// @return how many went
int leave_local_findings_open(std::vector<Draft>& drafts, std::vector<NotTested>& not_tested);

/// Names whose address came from this computer's hosts file, a line each.
std::vector<std::string> hosts_file_notes(const std::vector<Observation>& seen);

}  // namespace maildoctor::diagnose
