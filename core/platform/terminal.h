// What the program's output goes to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace maildoctor::platform {

enum class StandardStream : std::uint8_t { input, output, error };

/// A standard stream as a place to show text.
struct Terminal {
    bool is_terminal{false};
    int width{80};        ///< columns, 20 at least; of the terminal, else $COLUMNS, else 80
    bool colours{false};  ///< a terminal that shows them, and NO_COLOR is not set (no-color.org)
    bool unicode{false};  ///< the locale's character set is UTF-8
};

/// Looks at one of the standard streams; cheap, may be asked again after a change of size.
Terminal terminal(StandardStream stream);

/// Asks on the terminal, whatever the standard streams are; what is typed is shown.
/// @return the line; nothing when there is no terminal, or at the end of input
std::optional<std::string> ask_line(std::string_view prompt);

}  // namespace maildoctor::platform
