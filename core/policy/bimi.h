// BIMI assertion records (draft-brand-indicators-for-message-identification). No network.
#pragma once

#include "core/model/policy.h"

namespace maildoctor::policy {

/// Judges the TXT records at <selector>._bimi.<domain>.
BimiFacts read_bimi(const DnsFacts& answer, std::string selector);

/// Adds what the domain's DMARC policy must be for a logo to be shown: quarantine or reject, for all mail and
/// for names below the organisational domain as well.
void require_dmarc(const DmarcFacts& dmarc, BimiFacts& facts);

}  // namespace maildoctor::policy
