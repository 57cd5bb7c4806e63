// A TLS survey as JSON.
#pragma once

#include "core/model/tls_survey.h"
#include "core/report/json_writer.h"

namespace maildoctor::report {

void write_survey(JsonWriter& json, const TlsSurvey& survey);

}  // namespace maildoctor::report
