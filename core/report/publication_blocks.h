// What a domain could publish, for people.
#pragma once

#include <vector>

#include "core/report/document.h"

namespace maildoctor::report {

/// Each record and file with a word on where it goes.
/// @param whole with the files; else one line that says how to get them
std::vector<Block> publication_blocks(const Report& report, Language language, bool whole);

}  // namespace maildoctor::report
