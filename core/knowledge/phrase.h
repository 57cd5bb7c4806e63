// The phrases of rules: words with alternatives and gaps.
//
//   relay* access denied          words in this order; "relay*" is every word that begins so
//   {mailbox|inbox} {is|} full    one of the alternatives, an empty one for "or nothing"
//   mailbox .. full               up to gap_words other words in between
//   @ user unknown                an e-mail address;  # is a number
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace maildoctor::knowledge {

inline constexpr std::size_t gap_words = 9;  ///< words that ".." may skip

/// One word of a phrase.
struct PhraseItem {
    enum class Kind : std::uint8_t { word, stem, address, number } kind{};
    std::string word{};  ///< folded
};

/// A part of a phrase: alternatives, each a run of words; one alternative for plain words.
struct PhrasePart {
    std::vector<std::vector<PhraseItem>> alternatives{};
};
using PhraseRun = std::vector<PhrasePart>;  ///< parts that follow each other directly
using Phrase = std::vector<PhraseRun>;      ///< runs with a gap between each two

/// Reads a phrase, or says why it is none.
std::expected<Phrase, std::string> read_phrase(std::string_view text);

/// What is wrong with a phrase, or nothing.
std::optional<std::string> phrase_fault(std::string_view text);

/// The words of a literal text, without any of the signs above having a meaning.
PhraseRun literal_run(std::string_view text);

}  // namespace maildoctor::knowledge
