// Turns phrases into the automaton of a pack: symbols for words, one deterministic automaton for all runs of
// words, phrases as sequences of runs ("atoms").
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/knowledge/pack_writer.h"
#include "core/knowledge/phrase.h"

namespace maildoctor::knowledge {

/// Symbols below this are kinds of words, not words.
inline constexpr std::uint32_t symbol_address = 1, symbol_number = 2, first_word_symbol = 3;

/// Key of an edge of the automaton.
constexpr std::uint64_t edge_key(std::uint32_t node, std::uint32_t symbol) noexcept {
    const std::uint64_t key = (static_cast<std::uint64_t>(node) << 32 | symbol) * 0x9E3779B97F4A7C15U;
    return key ^ (key >> 29);
}

class PhraseCompiler {
public:
    explicit PhraseCompiler(PackWriter& writer) : writer_(writer), steps_(1) {}

    /// The number of a phrase; each exists once in a pack. The text must be free of phrase_fault().
    std::uint32_t add(std::string_view text);
    std::uint32_t add_literal(std::string_view text);
    /// Notes that a rule starts from this phrase.
    void used_by_rule(std::uint32_t phrase, std::uint32_t rule);
    /// Makes the automaton and writes the postings; call once, at the end.
    void finish();

private:
    /// A node of the automaton before it is made deterministic.
    struct Step {
        std::multimap<std::uint32_t, std::uint32_t> next{};
        std::vector<std::uint32_t> skips{};  ///< reached without a word
        std::uint32_t atom{none};
    };

    std::uint32_t symbol(const PhraseItem& item);
    std::uint32_t atom(const PhraseRun& run, const std::string& key);
    std::uint32_t add(const Phrase& phrase, const std::string& key);
    std::vector<std::uint32_t> closure(std::vector<std::uint32_t> steps) const;
    void determinise();

    PackWriter& writer_;
    std::map<std::string, std::uint32_t> known_{}, atoms_{};
    std::map<std::string, std::uint32_t> words_{}, stems_{};
    std::uint32_t next_symbol_{first_word_symbol};
    std::vector<Step> steps_;
    std::vector<std::vector<std::uint32_t>> rules_of_phrase_{}, phrases_of_atom_{};
};

}  // namespace maildoctor::knowledge
