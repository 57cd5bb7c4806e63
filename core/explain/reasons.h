// Causes that only say that something failed give way to those that say why.
#pragma once

#include <vector>

#include "core/model/clues.h"

namespace maildoctor::explain {

/// Where the heaviest cause is "could not connect" or "the handshake failed" and a rule or table found a
/// reason for just that, the two change their weights. A reason that single words only suggest, or that
/// weighs far less, stays behind.
/// @param causes in any order
void prefer_reasons(std::vector<CauseCandidate>& causes);

}  // namespace maildoctor::explain
