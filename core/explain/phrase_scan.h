// Finds the phrases of a pack in a text: one pass over its words, linear in its length.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/knowledge/pack.h"

namespace maildoctor::explain {

struct PhraseHit {
    std::uint32_t phrase{};
    std::uint32_t begin{}, end{};  ///< octets of the text
    std::uint32_t words{};         ///< of the text that the phrase's own words took
};

/// The phrases of `pack` that stand in `text`, each once (its first place). Reply codes and enhanced status
/// codes between two words of a phrase are looked over: a multi-line reply repeats them on every line.
/// @param text UTF-8 of at most 4 GiB
std::vector<PhraseHit> scan_phrases(const knowledge::Pack& pack, std::string_view text);

}  // namespace maildoctor::explain
