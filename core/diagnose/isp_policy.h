// A provider's own policy against what was seen.
#pragma once

#include <vector>

#include "core/model/isp_policy.h"
#include "core/model/validation.h"

namespace maildoctor::diagnose {

/// Judges each demand over all published servers. What could not be seen leaves a demand `unknown`; one that
/// holds for nothing (no server is published) is met.
/// @param seen judged, with its observations
std::vector<PolicyLine> judge_isp_policy(const IspPolicy& policy, const Validation& seen);

}  // namespace maildoctor::diagnose
