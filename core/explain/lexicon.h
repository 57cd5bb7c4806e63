// What the single words of a text say about its cause, where rules say little.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/knowledge/pack.h"
#include "core/model/clues.h"

namespace maildoctor::explain {

/// The words of one text, weighed.
class LexicalReading {
public:
    /// Reads the first 400 words of a text. Linear in their length; a pack without a lexicon knows no word.
    /// @param text outlives the reading
    LexicalReading(const knowledge::Pack& pack, std::string_view text);

    /// How many words and word pairs of the text the lexicon knows.
    std::size_t known() const noexcept { return places_.size(); }
    /// Whether a word stands in the text that only mail is about.
    bool about_mail() const noexcept { return about_mail_; }
    /// Log-odds for a cause, divided by the root of known(): comparable between causes of one text.
    double score(Cause cause) const noexcept { return scores_[static_cast<std::size_t>(cause)]; }
    /// Whether the lexicon has learnt about a cause; without, score() says nothing.
    bool knows(Cause cause) const noexcept { return score(cause) > never; }
    /// The same for text that is about no mail problem.
    double background() const noexcept { return scores_[cause_count]; }
    /// The causes that the words speak for most, best first.
    std::vector<Cause> best(std::size_t count) const;
    /// The (at most three) places in the text that speak more for this cause than for the others: no numbers
    /// and no words that only hold a sentence together. Empty where the text has nothing else that the
    /// lexicon knows.
    std::vector<Match> evidence(Cause cause) const;

private:
    static constexpr double never = -1000;
    struct Place {
        std::uint32_t feature{}, begin{}, end{};
    };
    void collect(std::string_view text);
    void add_up();
    Match trimmed(const Place& place) const;

    knowledge::Pack pack_;
    std::string_view text_{};  ///< lives as long as the reading
    std::vector<Place> places_{};
    bool about_mail_{false};
    std::vector<double> scores_{};  ///< by cause; the last is the background
};

}  // namespace maildoctor::explain
