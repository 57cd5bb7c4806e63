// Observations as JSON members: everything that probes saw, for machines and for bug reports.
#pragma once

#include "core/model/observation.h"
#include "core/report/json_writer.h"

namespace maildoctor::report {

/// Writes `subject` as an object; members that do not apply are left out.
void write_subject(JsonWriter& json, const Subject& subject);

/// Writes one observation as an object; facts that were not collected are left out.
void write_observation(JsonWriter& json, const Observation& seen);

}  // namespace maildoctor::report
