// Terminals on POSIX systems.
#include <sys/ioctl.h>
#include <unistd.h>

#include <fstream>

#include "core/platform/terminal.h"
#include "core/platform/terminal_size.h"

namespace maildoctor::platform {
namespace {

int descriptor(StandardStream stream) {
    switch (stream) {
        case StandardStream::input:
            return STDIN_FILENO;
        case StandardStream::output:
            return STDOUT_FILENO;
        case StandardStream::error:
            break;
    }
    return STDERR_FILENO;
}

}  // namespace

std::optional<std::string> ask_line(std::string_view prompt) {
    std::ofstream out("/dev/tty");
    std::ifstream in("/dev/tty");
    if (!(out << prompt << std::flush)) return std::nullopt;
    std::string line;
    if (!std::getline(in, line)) return std::nullopt;
    return line;
}

bool is_terminal(StandardStream stream) {
    return isatty(descriptor(stream)) == 1;
}

std::optional<int> terminal_columns(StandardStream stream) {
    winsize size{};
    if (ioctl(descriptor(stream), TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return std::nullopt;
    return size.ws_col;
}

}  // namespace maildoctor::platform
