// A report's members, for JSON objects that have more than those.
#pragma once

#include "core/model/report.h"
#include "core/report/json_writer.h"

namespace maildoctor::report {

/// Writes the members of docs/schema/report.schema.json into an object that the caller opens and closes.
/// @param observations false: `observations` stays empty, of the report and of each finding
void write_report_members(JsonWriter& json, const Report& report, bool observations);

/// An array of what to publish, each with where it goes and its octets.
void write_publication(JsonWriter& json, const std::vector<PublicationPart>& parts);

}  // namespace maildoctor::report
