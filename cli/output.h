// Standard output and standard error of the program.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "core/report/render.h"

namespace maildoctor::cli {

/// Standard output cannot be written. Ends the program with ExitStatus::usage.
class OutputError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Writes all of `bytes` to standard output and flushes it. A reader that went away is no error: it has seen
/// enough. Throws OutputError with the system's reason when writing is not possible (closed, full).
/// @return whether somebody still reads
bool write_output(std::string_view bytes);

/// One line on standard error, begun with the program's name and cleaned.
void complain(std::string_view line);

/// "auto", "always" or "never".
enum class Colour { automatic, always, never };

/// How text on standard output looks, from the terminal and what was asked for.
/// @param width columns; 0: those of the terminal
report::TextStyle text_style(Colour colour, std::size_t width, std::string language, bool verbose);

/// The language of the environment (LC_ALL, LC_MESSAGES, LANG): "de" or "en".
std::string environment_language();

}  // namespace maildoctor::cli
