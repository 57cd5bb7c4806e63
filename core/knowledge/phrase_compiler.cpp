#include "core/knowledge/phrase_compiler.h"

#include <algorithm>

#include "core/knowledge/words.h"

namespace maildoctor::knowledge {

std::uint32_t PhraseCompiler::symbol(const PhraseItem& item) {
    using Kind = PhraseItem::Kind;
    if (item.kind == Kind::address) return symbol_address;
    if (item.kind == Kind::number) return symbol_number;
    const bool stem = item.kind == Kind::stem;
    const auto [found, fresh] = (stem ? stems_ : words_).try_emplace(item.word, next_symbol_);
    if (fresh) {
        (stem ? writer_.stems : writer_.words)[hash_of(item.word)] = next_symbol_++;
        if (stem) {
            const auto first = static_cast<unsigned char>(item.word.front());
            writer_.header.stem_lengths |= std::uint64_t{1} << std::min<std::size_t>(item.word.size(), 63);
            writer_.header.stem_first[first / 64] |= std::uint64_t{1} << (first % 64);
        }
    }
    return found->second;
}

std::uint32_t PhraseCompiler::atom(const Phrase& phrase, std::size_t from, std::size_t to) {
    std::uint32_t node = 0;
    for (std::size_t i = from; i < to; ++i) {
        const auto [edge, fresh] = writer_.edges.try_emplace(edge_key(node, symbol(phrase[i])), static_cast<std::uint32_t>(writer_.nodes.size()));
        if (fresh) writer_.nodes.emplace_back();
        node = edge->second;
    }
    NodeRecord& end = writer_.nodes[node];
    if (end.atom == none) {
        end.atom = static_cast<std::uint32_t>(writer_.atoms.size());
        writer_.atoms.push_back({.words = static_cast<std::uint32_t>(to - from)});
        phrases_of_atom_.emplace_back();
    }
    return end.atom;
}

std::uint32_t PhraseCompiler::add(const Phrase& phrase) {
    std::string key;
    for (const PhraseItem& item : phrase) key += std::to_string(static_cast<int>(item.kind)) + item.word + ' ';
    const auto [found, fresh] = known_.try_emplace(key, static_cast<std::uint32_t>(writer_.phrases.size()));
    if (!fresh) return found->second;
    std::vector<std::uint32_t> atoms;
    std::uint32_t words = 0;
    for (std::size_t from = 0; from < phrase.size();) {
        std::size_t to = from;
        while (to < phrase.size() && phrase[to].kind != PhraseItem::Kind::gap) ++to;
        atoms.push_back(atom(phrase, from, to));
        words += static_cast<std::uint32_t>(to - from);
        from = to + 1;
    }
    phrases_of_atom_[atoms.front()].push_back(found->second);
    writer_.phrases.push_back({.atoms = writer_.list(atoms), .words = words});
    rules_of_phrase_.emplace_back();
    return found->second;
}

std::vector<std::uint32_t> PhraseCompiler::add(std::string_view pattern) {
    std::vector<std::uint32_t> numbers;
    for (const Phrase& phrase : expand_phrase(pattern)) numbers.push_back(add(phrase));
    return numbers;
}

void PhraseCompiler::used_by_rule(const std::vector<std::uint32_t>& phrases, std::uint32_t rule) {
    for (const std::uint32_t phrase : phrases) {
        auto& rules = rules_of_phrase_[phrase];
        if (rules.empty() || rules.back() != rule) rules.push_back(rule);
    }
}

void PhraseCompiler::finish() {
    for (std::size_t i = 0; i < rules_of_phrase_.size(); ++i) writer_.phrases[i].rules = writer_.list(rules_of_phrase_[i]);
    for (std::size_t i = 0; i < phrases_of_atom_.size(); ++i) writer_.atoms[i].phrases = writer_.list(phrases_of_atom_[i]);
}

}  // namespace maildoctor::knowledge
