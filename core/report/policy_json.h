// Published mail policy as JSON members.
#pragma once

#include "core/model/policy.h"
#include "core/report/json_writer.h"

namespace maildoctor::report {

/// Each writes one object.
void write_dane(JsonWriter& json, const DaneFacts& facts);
void write_mta_sts(JsonWriter& json, const MtaStsFacts& facts);
/// The whole mail side of a domain.
void write_policy(JsonWriter& json, const PolicyFacts& facts);

}  // namespace maildoctor::report
