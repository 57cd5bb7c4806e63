// Manual pages from the help's texts.
#pragma once

#include <string>

#include "cli/manual.h"

namespace maildoctor::cli {

/// maildoctor(1), or maildoctor-COMMAND(1), in the man macros.
/// @param command nullptr: the page of the program
std::string man_page(const CommandText& program, const CommandText* command, const std::string& version);

}  // namespace maildoctor::cli
