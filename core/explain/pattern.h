// Regular expressions of rules.
#pragma once

#include <string_view>

namespace maildoctor::explain {

/// Whether a rule's pattern (RE2, any case) is found in a text. Patterns are compiled when they are asked
/// for, once a process; one that cannot be compiled is never found. Safe to call from several threads.
bool pattern_holds(std::string_view pattern, std::string_view text);

}  // namespace maildoctor::explain
