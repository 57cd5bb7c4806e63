#include "core/knowledge/phrase_compiler.h"

#include <algorithm>
#include <set>

#include "core/knowledge/words.h"

namespace maildoctor::knowledge {
namespace {

std::string spelled(const PhraseRun& run) {
    std::string key;
    for (const PhrasePart& part : run) {
        key += '{';
        for (const auto& items : part.alternatives) {
            for (const PhraseItem& item : items)
                key += std::to_string(static_cast<int>(item.kind)) + item.word + ' ';
            key += '|';
        }
        key += '}';
    }
    return key;
}

}  // namespace

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

std::uint32_t PhraseCompiler::atom(const PhraseRun& run, const std::string& key) {
    const auto [found, fresh] = atoms_.try_emplace(key, static_cast<std::uint32_t>(phrases_of_atom_.size()));
    if (!fresh) return found->second;
    phrases_of_atom_.emplace_back();
    const auto step = [&] {
        steps_.emplace_back();
        return static_cast<std::uint32_t>(steps_.size() - 1);
    };
    std::uint32_t at = step();
    steps_[0].skips.push_back(at);
    for (const PhrasePart& part : run) {
        const std::uint32_t end = step();
        for (const auto& items : part.alternatives) {
            std::uint32_t here = at;
            for (std::size_t i = 0; i < items.size(); ++i) {
                const std::uint32_t next = i + 1 == items.size() ? end : step();
                steps_[here].next.emplace(symbol(items[i]), next);
                here = next;
            }
            if (items.empty()) steps_[at].skips.push_back(end);
        }
        at = end;
    }
    steps_[at].atom = found->second;
    return found->second;
}

std::uint32_t PhraseCompiler::add(const Phrase& phrase, const std::string& key) {
    const auto [found, fresh] = known_.try_emplace(key, static_cast<std::uint32_t>(writer_.phrases.size()));
    if (!fresh) return found->second;
    std::vector<std::uint32_t> atoms;
    for (const PhraseRun& run : phrase)
        atoms.push_back(atom(run, spelled(run)));
    phrases_of_atom_[atoms.front()].push_back(found->second);
    writer_.phrases.push_back({.atoms = writer_.list(atoms)});
    rules_of_phrase_.emplace_back();
    return found->second;
}

std::uint32_t PhraseCompiler::add(std::string_view text) {
    const auto phrase = read_phrase(text);
    std::string key;
    for (const PhraseRun& run : *phrase)
        key += spelled(run) + "..";
    return add(*phrase, key);
}

std::uint32_t PhraseCompiler::add_literal(std::string_view text) {
    const PhraseRun run = literal_run(text);
    return add(Phrase{run}, spelled(run) + "..");
}

void PhraseCompiler::used_by_rule(std::uint32_t phrase, std::uint32_t rule) {
    auto& rules = rules_of_phrase_[phrase];
    if (rules.empty() || rules.back() != rule) rules.push_back(rule);
}

std::vector<std::uint32_t> PhraseCompiler::closure(std::vector<std::uint32_t> steps) const {
    std::set<std::uint32_t> all(steps.begin(), steps.end());
    while (!steps.empty()) {
        const std::uint32_t step = steps.back();
        steps.pop_back();
        for (const std::uint32_t next : steps_[step].skips) {
            if (all.insert(next).second) steps.push_back(next);
        }
    }
    return {all.begin(), all.end()};
}

/// The subset construction. Runs are finite, so there are no circles and the result stays near the size of
/// its input.
void PhraseCompiler::determinise() {
    std::map<std::vector<std::uint32_t>, std::uint32_t> known;
    std::vector<std::vector<std::uint32_t>> open;
    const auto node = [&](std::vector<std::uint32_t> steps) {
        const auto [found, fresh] =
            known.try_emplace(std::move(steps), static_cast<std::uint32_t>(open.size()));
        if (fresh) open.push_back(found->first);
        return found->second;
    };
    node(closure({0}));
    for (std::uint32_t here = 0; here < open.size(); ++here) {
        const std::vector<std::uint32_t> steps = open[here];
        std::map<std::uint32_t, std::vector<std::uint32_t>> moves;
        std::vector<std::uint32_t> atoms;
        for (const std::uint32_t step : steps) {
            if (steps_[step].atom != none) atoms.push_back(steps_[step].atom);
            for (const auto& [symbol, next] : steps_[step].next)
                moves[symbol].push_back(next);
        }
        writer_.nodes.push_back({.atoms = writer_.list(atoms)});
        for (auto& [symbol, next] : moves)
            writer_.edges[edge_key(here, symbol)] = node(closure(std::move(next)));
    }
}

void PhraseCompiler::finish() {
    determinise();
    for (std::size_t i = 0; i < rules_of_phrase_.size(); ++i)
        writer_.phrases[i].rules = writer_.list(rules_of_phrase_[i]);
    for (const auto& phrases : phrases_of_atom_)
        writer_.atoms.push_back({.phrases = writer_.list(phrases)});
}

}  // namespace maildoctor::knowledge
