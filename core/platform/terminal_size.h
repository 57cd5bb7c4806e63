// What the system itself says about a standard stream; terminal.h adds what the environment says.
#pragma once

#include <optional>

#include "core/platform/terminal.h"

namespace maildoctor::platform {

bool is_terminal(StandardStream stream);
/// Columns of the terminal; nothing when the stream is none or does not know.
std::optional<int> terminal_columns(StandardStream stream);

}  // namespace maildoctor::platform
