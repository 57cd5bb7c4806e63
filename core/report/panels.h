// Tables of a report beside the settings: what a relay test asked, and the limits that servers state.
#pragma once

#include <string>
#include <vector>

#include "core/report/phrases.h"

namespace maildoctor::report {

using Rows = std::vector<std::vector<std::string>>;  ///< the first row is the head; empty: nothing to show

/// What the report of one server's relay test says in its headline, where no problem was found.
Phrase relay_phrase(const Report& report) noexcept;

/// Each way of asking and its answer, for the report of one server's relay test.
Rows relay_rows(const Report& report, Language language);

/// The stated limits, with what the user wants where that is known.
Rows limit_rows(const Report& report, Language language);

}  // namespace maildoctor::report
