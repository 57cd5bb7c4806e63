// The two server names of an account, each typed where the other belongs.
#pragma once

#include <vector>

#include "core/diagnose/draft.h"
#include "core/model/report.h"

namespace maildoctor::diagnose {

/// Where the names for receiving and sending were swapped (each works in the other's place), one finding says
/// so: the one about receiving stays and takes over what was seen of sending. Others are left as they are.
/// @param works what was seen to work
void join_swapped_names(const Request& request, const Settings& works, std::vector<Draft>& drafts);

}  // namespace maildoctor::diagnose
