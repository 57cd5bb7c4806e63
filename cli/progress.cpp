#include "cli/progress.h"

#include <cstdio>
#include <string>

#include "core/model/text.h"
#include "core/model/utf8.h"
#include "core/platform/terminal.h"
#include "core/report/layout.h"

namespace maildoctor::cli {
namespace {

constexpr std::string_view erase_line = "\r\x1b[K";

void write_error(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stderr);
    std::fflush(stderr);
}

/// The front of `text` that takes at most `room` columns.
std::string_view fitting(std::string_view text, std::size_t room) {
    std::string_view rest = text;
    while (!rest.empty()) {
        std::string_view next = rest;
        take_code_point(next);
        const std::size_t end = text.size() - next.size();
        if (report::columns(text.substr(0, end)) > room) break;
        rest = next;
    }
    return text.substr(0, text.size() - rest.size());
}

}  // namespace

ProgressLine::ProgressLine() {
    const platform::Terminal terminal = platform::terminal(platform::StandardStream::error);
    if (terminal.is_terminal) width_ = static_cast<std::size_t>(terminal.width);
}

void ProgressLine::show(const doctor::Progress& step) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (width_ == 0 || step.kind != doctor::Progress::Kind::started) return;
    const std::string count =
        step.planned > 0 ? std::to_string(step.done) + "/" + std::to_string(step.planned) + " " : "";
    const std::string line = cleaned(count + step.what, 4 * width_);
    write_error(std::string(erase_line) +
                std::string(fitting(line, width_ - 1)));  // the last column would wrap
    shown_ = true;
}

void ProgressLine::erase() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (shown_) write_error(erase_line);
    shown_ = false;
    width_ = 0;
}

}  // namespace maildoctor::cli
