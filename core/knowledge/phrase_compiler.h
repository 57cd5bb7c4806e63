// Turns phrases into the automaton of a pack: symbols, a trie of atoms, phrases as sequences of atoms.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/knowledge/pack_writer.h"
#include "core/knowledge/phrase.h"

namespace maildoctor::knowledge {

/// Symbols below this are kinds of words, not words.
inline constexpr std::uint32_t symbol_address = 1, symbol_number = 2, first_word_symbol = 3;

/// Key of an edge of the trie.
constexpr std::uint64_t edge_key(std::uint32_t node, std::uint32_t symbol) noexcept {
    std::uint64_t key = (static_cast<std::uint64_t>(node) << 32 | symbol) * 0x9E3779B97F4A7C15U;
    return key ^ (key >> 29);
}

class PhraseCompiler {
public:
    explicit PhraseCompiler(PackWriter& writer) : writer_(writer) { writer_.nodes.emplace_back(); }

    /// The numbers of the phrases that a template stands for (each phrase exists once in a pack).
    std::vector<std::uint32_t> add(std::string_view pattern);
    std::uint32_t add(const Phrase& phrase);
    /// Notes that a rule starts from these phrases.
    void used_by_rule(const std::vector<std::uint32_t>& phrases, std::uint32_t rule);
    /// Writes the postings; call once, at the end.
    void finish();

private:
    std::uint32_t symbol(const PhraseItem& item);
    std::uint32_t atom(const Phrase& phrase, std::size_t from, std::size_t to);

    PackWriter& writer_;
    std::map<std::string, std::uint32_t> known_{};
    std::map<std::string, std::uint32_t> words_{}, stems_{};
    std::uint32_t next_symbol_{first_word_symbol};
    std::vector<std::vector<std::uint32_t>> rules_of_phrase_{}, phrases_of_atom_{};
};

}  // namespace maildoctor::knowledge
