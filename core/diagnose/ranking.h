// From drafts to an ordered list: what belongs together is merged, the root cause comes first.
#pragma once

#include <optional>
#include <vector>

#include "core/diagnose/draft.h"

namespace maildoctor::diagnose {

/// Merges drafts that say the same of the same server, or of one zone or host as a whole.
std::vector<Draft> merge(std::vector<Draft> drafts);

/// Sorts: what the pasted error names first, then errors before warnings; the user's own servers before the
/// domain's MX; earlier stages (DNS, network, TLS, login) before later ones; incoming before outgoing.
void rank(std::vector<Draft>& drafts, const std::optional<Clues>& clues);

}  // namespace maildoctor::diagnose
