// The record of a dialog: bounded, cleaned, with times, never with a secret.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "core/async/deadline.h"
#include "core/model/facts.h"

namespace maildoctor::mail {

class Transcript {
public:
    static constexpr std::size_t most_lines = 300;
    static constexpr std::size_t most_octets = 512;  ///< of a line

    explicit Transcript(Clock::time_point began) : began_(began) {}

    /// One line of the record for each line of the octets.
    void server(std::string_view octets) { add_lines(TranscriptLine::From::server, octets); }
    /// What we sent. The caller keeps secrets out and says in their place what was sent.
    void client(std::string_view text) { add_lines(TranscriptLine::From::client, text); }
    void note(std::string_view text) { add_lines(TranscriptLine::From::note, text); }

    const std::vector<TranscriptLine>& lines() const noexcept { return lines_; }
    /// Gives the lines away.
    std::vector<TranscriptLine> take() noexcept { return std::move(lines_); }

private:
    void add_lines(TranscriptLine::From from, std::string_view octets);
    void add(TranscriptLine::From from, std::string_view line);

    Clock::time_point began_;
    std::vector<TranscriptLine> lines_;
};

}  // namespace maildoctor::mail
