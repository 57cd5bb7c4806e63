// Kept runs and comparisons as text and as JSON.
#pragma once

#include <string>
#include <vector>

#include "core/model/history.h"
#include "core/report/render.h"

namespace maildoctor::cli {

std::string history_text(const std::vector<RunRecord>& runs, const report::TextStyle& style);
std::string history_json(const std::vector<RunRecord>& runs);
std::string comparison_text(const Comparison& comparison, const report::TextStyle& style);
std::string comparison_json(const Comparison& comparison);

}  // namespace maildoctor::cli
