#include "cli/output.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include "core/model/text.h"
#include "core/platform/process.h"
#include "core/platform/terminal.h"

namespace maildoctor::cli {
namespace {

constexpr std::size_t complaint_limit = 1000;  // octets

}  // namespace

bool write_output(std::string_view bytes) {
    int reason = 0;
    if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) != bytes.size()) reason = errno;
    if (std::fflush(stdout) != 0) reason = errno;
    if (reason == 0 && std::ferror(stdout) != 0) reason = EIO;  // an earlier write failed
    if (reason == 0) return true;
    if (reason == EPIPE) {
        std::clearerr(stdout);
        return false;
    }
    throw OutputError("standard output cannot be written: " + std::generic_category().message(reason));
}

void complain(std::string_view line) {
    const std::string text = "maildoctor: " + cleaned(line, complaint_limit) + "\n";
    std::fwrite(text.data(), 1, text.size(), stderr);
}

report::TextStyle text_style(Colour colour, std::size_t width, std::string language, bool verbose) {
    const platform::Terminal terminal = platform::terminal(platform::StandardStream::output);
    constexpr std::size_t comfortable = 100;  // longer lines are hard to read
    if (width == 0) width = std::min(static_cast<std::size_t>(terminal.width), comfortable);
    return {.width = width,
            .colour = colour == Colour::always || (colour == Colour::automatic && terminal.colours),
            .unicode = terminal.unicode,
            .language = std::move(language),
            .verbose = verbose};
}

std::string environment_language() {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const auto value = platform::environment(name);
        if (value && !value->empty()) return value->starts_with("de") ? "de" : "en";
    }
    return "en";
}

}  // namespace maildoctor::cli
