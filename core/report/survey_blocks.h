// A TLS survey for people: versions, suites, keys, certificate, and which mail programs get in.
#pragma once

#include <vector>

#include "core/report/document.h"

namespace maildoctor::report {

/// A heading and a list for each survey of the report; nothing where there was none.
std::vector<Block> survey_blocks(const Report& report, Language language);

}  // namespace maildoctor::report
