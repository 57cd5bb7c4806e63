// What the program's help says, as values: the one source of the manual pages and of the completions.
#pragma once

#include <string>
#include <vector>

#include "core/report/man_page.h"

namespace CLI {
class App;
}

namespace maildoctor::cli {

using report::CommandText, report::OptionText, report::PositionalText;

/// The program with all its commands, as --help describes them; hidden options are left out.
CommandText manual();

/// Takes the value's name and choices apart: "TEXT:{text,json}", or a description that begins "text, json or
/// html".
std::vector<std::string> choices_in(const std::string& type, const std::string& description);

}  // namespace maildoctor::cli
