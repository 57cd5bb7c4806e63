// Drafts become findings: title, explanation and fixes come from the knowledge, with the case's own values.
#pragma once

#include "core/diagnose/diagnose.h"
#include "core/diagnose/draft.h"

namespace maildoctor::diagnose {

/// @param works settings that were seen to work: the fix names them
Finding worded(const Draft& draft, const Case& seen, const Settings& works, const knowledge::Pack& pack);

}  // namespace maildoctor::diagnose
