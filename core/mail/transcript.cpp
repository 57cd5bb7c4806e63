#include "core/mail/transcript.h"

#include <algorithm>
#include <chrono>
#include <string>

#include "core/model/text.h"

namespace maildoctor::mail {

void Transcript::add(TranscriptLine::From from, std::string_view line) {
    if (lines_.size() >= most_lines) return;
    const auto at = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began_);
    if (lines_.size() + 1 == most_lines) {
        lines_.push_back(
            {.from = TranscriptLine::From::note, .at = at, .text = "further lines are not kept"});
        return;
    }
    lines_.push_back({.from = from, .at = at, .text = cleaned(line, most_octets)});
}

void Transcript::add_lines(TranscriptLine::From from, std::string_view octets) {
    while (!octets.empty() && lines_.size() < most_lines) {
        const auto end = std::min(octets.find('\n'), octets.size());
        std::string_view line = octets.substr(0, end);
        while (line.ends_with('\r'))
            line.remove_suffix(1);
        add(from, line);
        octets.remove_prefix(std::min(end + 1, octets.size()));
    }
}

}  // namespace maildoctor::mail
