// Drafts about published policy, shared by the check of an account and the validation of a domain. For the
// sources of this room only.
#pragma once

#include <string>
#include <string_view>

#include "core/diagnose/draft.h"
#include "core/model/policy.h"

namespace maildoctor::diagnose {

/// Adds the record as found, each fault, and the record as it should read.
void add_record_evidence(Draft& draft, const PolicyRecord& record);

/// A draft about one record: severity and detail come from its worst fault. Nothing when it has none.
/// @param discarded how much a fault weighs that makes readers discard the record
std::optional<Draft> record_draft(Cause cause, const PolicyRecord& record, const std::string& domain,
                                  Severity discarded);

/// MTA-STS that is published in half or with faults: senders ignore it.
std::optional<Draft> mta_sts_draft(const MtaStsFacts& facts, const std::string& domain, Severity discarded);

/// Exchangers that an enforced policy does not name.
std::optional<Draft> mta_sts_missing_draft(const MtaStsFacts& facts, const std::string& domain,
                                           Severity severity);

/// TLSA records that the server does not fit.
Draft dane_draft(const DaneFacts& facts, Severity severity);

/// TLSA records that do nothing: none can be used, or DNSSEC does not vouch for them. Nothing for other
/// outcomes.
std::optional<Draft> dane_without_effect(const DaneFacts& facts);

}  // namespace maildoctor::diagnose
