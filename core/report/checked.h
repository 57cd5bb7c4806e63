// What was checked, from the observations: in short for everybody, one by one for those who ask.
#pragma once

#include <vector>

#include "core/report/document.h"

namespace maildoctor::report {

/// One line for all DNS questions and one for each host with its ports.
std::vector<Item> checked_in_short(const Report& report, Language language);

/// One line for each observation, followed by the dialog with the server.
std::vector<Item> every_observation(const Report& report, Language language);

}  // namespace maildoctor::report
