// Certificates that look outdated: is it them, or the clock of this computer?
#pragma once

#include <vector>

#include "core/diagnose/diagnose.h"
#include "core/diagnose/draft.h"
#include "core/diagnose/picture.h"

namespace maildoctor::diagnose {

/// Certificates that only look outdated because the clock here is wrong are no fault of the servers: one
/// finding about the clock takes the place of all that are about their dates. Where the clock is seen to be
/// right the findings say so.
void blame_clock(const Case& seen, const Picture& picture, std::vector<Draft>& drafts);

}  // namespace maildoctor::diagnose
