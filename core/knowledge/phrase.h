// The phrases of rules: words with alternatives and gaps.
//
//   relay* access denied          words in this order; "relay*" is every word that begins so
//   {mailbox|inbox} {is|} full    one of the alternatives, an empty one for "or nothing"
//   mailbox .. full               up to gap_words other words in between
//   @ user unknown                an e-mail address;  # is a number
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace maildoctor::knowledge {

inline constexpr std::size_t gap_words = 7;         ///< words that ".." may skip
inline constexpr std::size_t max_expansions = 512;  ///< of one phrase

struct PhraseItem {
    enum class Kind : std::uint8_t { word, stem, address, number, gap } kind{};
    std::string word{};     ///< folded

    friend bool operator==(const PhraseItem&, const PhraseItem&) = default;
};
using Phrase = std::vector<PhraseItem>;

/// Why this is not a phrase, or nothing.
std::optional<std::string> phrase_fault(std::string_view text);

/// The phrases that a template stands for. Empty when phrase_fault() has something to say.
std::vector<Phrase> expand_phrase(std::string_view text);

}  // namespace maildoctor::knowledge
