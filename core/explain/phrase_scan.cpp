#include "core/explain/phrase_scan.h"

#include <algorithm>
#include <array>
#include <optional>

#include "core/knowledge/phrase.h"
#include "core/knowledge/phrase_compiler.h"
#include "core/knowledge/words.h"

namespace maildoctor::explain {
namespace {

using knowledge::none;
using knowledge::Pack;
using knowledge::Section;
using knowledge::Word;
using knowledge::WordKind;

constexpr std::size_t max_places = 8;  ///< of one atom that are kept: enough to tell that a phrase is there
constexpr std::size_t max_states =
    64;  ///< phrases under way at once; far more than the rules can bring about

struct Place {
    std::uint32_t atom{}, first_word{}, last_word{}, begin{}, end{}, next{none};
};
struct State {
    std::uint32_t node{}, first_word{}, begin{};
};

/// A reply code or an enhanced status code: looked over inside phrases.
bool is_status(std::string_view word, WordKind kind) {
    if (kind != WordKind::number || word.empty() || (word[0] != '4' && word[0] != '5' && word[0] != '2'))
        return false;
    return word.size() == 3 || (word.size() >= 5 && word[1] == '.');
}

/// Forms of a word that a rule need not spell out, each given to `add` as a hash: the singular of a plural
/// and the reverse, "does" for "did", "organized" for "organised".
template <class Add>
void other_forms(std::string_view folded, std::uint64_t hash, Add add) {
    constexpr std::size_t shortest = 4;  ///< of the words that have a plural
    struct Form {
        std::string_view word, other;
    };
    static constexpr std::array<Form, 6> forms = {
        {{"did", "does"}, {"do", "does"}, {"does", "do"}, {"was", "is"}, {"were", "are"}, {"has", "have"}}};
    for (const Form& form : forms) {
        if (folded == form.word) return add(knowledge::hash_of(form.other));
    }
    if (folded.size() < shortest || static_cast<unsigned char>(folded.front()) > 127) return;
    if (folded.back() != 's')
        add(knowledge::extend_hash(hash, 's'));
    else if (folded[folded.size() - 2] != 's')
        add(knowledge::hash_of(folded.substr(0, folded.size() - 1)));
    const std::size_t british = folded.find("is", 4);
    if (british == std::string_view::npos || british + 2 >= folded.size()) return;
    const char next = folded[british + 2];
    if (next != 'e' && next != 'a' && next != 'i') return;
    std::uint64_t american = knowledge::hash_of(folded.substr(0, british + 1));
    american = knowledge::extend_hash(american, 'z');
    for (const char c : folded.substr(british + 2))
        american = knowledge::extend_hash(american, c);
    add(american);
}

class Scan {
public:
    Scan(const Pack& pack, std::string_view text)
        : pack_(pack),
          text_(text),
          nodes_(pack.all<knowledge::NodeRecord>(Section::nodes)),
          first_(pack.all<knowledge::AtomRecord>(Section::atoms).size(), none),
          last_(first_.size(), none),
          count_(first_.size(), 0) {}

    std::vector<PhraseHit> run() {
        if (nodes_.empty()) return {};
        knowledge::WordReader reader(text_);
        std::uint32_t index = 0;
        while (const auto word = reader.next()) {
            find_symbols(*word, reader.folded());
            step(*word, reader.folded(), index++);
        }
        return phrases();
    }

private:
    void find_symbols(const Word& word, std::string_view folded) {
        symbols_count_ = 0;
        const auto add = [&](std::uint32_t symbol) {
            if (symbol != none && symbols_count_ < symbols_.size()) symbols_[symbols_count_++] = symbol;
        };
        if (word.kind == WordKind::address) return add(knowledge::symbol_address);
        if (word.kind == WordKind::number) add(knowledge::symbol_number);
        if (folded.size() > knowledge::max_word) return;
        add(pack_.find(Section::words, word.hash));
        if (word.kind == WordKind::plain) {
            other_forms(folded, word.hash,
                        [&](std::uint64_t hash) { add(pack_.find(Section::words, hash)); });
        }
        const auto& header = pack_.header();
        const auto first = static_cast<unsigned char>(folded.front());
        if (!((header.stem_first[first / 64] >> (first % 64)) & 1U)) return;
        std::uint64_t hash = knowledge::hash_seed;
        for (std::size_t i = 0; i < folded.size(); ++i) {
            hash = knowledge::extend_hash(hash, folded[i]);
            if ((header.stem_lengths >> (i + 1)) & 1U) add(pack_.find(Section::stems, hash));
        }
    }

    void step(const Word& word, std::string_view folded, std::uint32_t index) {
        next_.clear();
        const bool looked_over = is_status(folded, word.kind);
        for (std::size_t i = 0; i < symbols_count_; ++i) {
            advance({.node = 0, .first_word = index, .begin = word.begin}, symbols_[i], word, index);
            for (const State& state : states_)
                advance(state, symbols_[i], word, index);
        }
        if (looked_over) {
            for (const State& state : states_) {
                if (next_.size() < max_states) next_.push_back(state);
            }
        }
        states_.swap(next_);
    }

    void advance(const State& state, std::uint32_t symbol, const Word& word, std::uint32_t index) {
        const std::uint32_t node = pack_.find(Section::edges, knowledge::edge_key(state.node, symbol));
        if (node == none) return;
        for (const std::uint32_t atom : pack_.list(nodes_[node].atoms))
            note(atom, state, word, index);
        if (next_.size() < max_states)
            next_.push_back({.node = node, .first_word = state.first_word, .begin = state.begin});
    }

    void note(std::uint32_t atom, const State& state, const Word& word, std::uint32_t index) {
        if (count_[atom] == max_places) return;
        if (count_[atom] > 0) {  // both forms of a word stand in the phrase
            const Place& last = places_[last_[atom]];
            if (last.first_word == state.first_word && last.last_word == index) return;
        }
        if (count_[atom]++ == 0) {
            first_[atom] = static_cast<std::uint32_t>(places_.size());
            seen_.push_back(atom);
        } else {
            places_[last_[atom]].next = static_cast<std::uint32_t>(places_.size());
        }
        last_[atom] = static_cast<std::uint32_t>(places_.size());
        places_.push_back({.atom = atom,
                           .first_word = state.first_word,
                           .last_word = index,
                           .begin = state.begin,
                           .end = word.end});
    }

    struct End {
        std::uint32_t octet, words;
    };
    /// The end of a phrase whose atoms from `at` on follow a word, each within the gap.
    std::optional<End> follow(std::span<const std::uint32_t> atoms, std::size_t at, const Place& before,
                              std::uint32_t words) const {
        const std::uint32_t last_word = before.last_word;
        words += before.last_word - before.first_word + 1;
        if (at == atoms.size()) return End{before.end, words};
        for (std::uint32_t i = first_[atoms[at]]; i != none; i = places_[i].next) {
            const Place& place = places_[i];
            if (place.first_word <= last_word || place.first_word > last_word + knowledge::gap_words + 1)
                continue;
            if (const auto found = follow(atoms, at + 1, place, words)) return found;
        }
        return std::nullopt;
    }

    std::vector<PhraseHit> phrases() const {
        std::vector<PhraseHit> hits;
        const auto atoms = pack_.all<knowledge::AtomRecord>(Section::atoms);
        const auto records = pack_.all<knowledge::PhraseRecord>(Section::phrases);
        for (const std::uint32_t atom : seen_) {
            for (const std::uint32_t phrase : pack_.list(atoms[atom].phrases)) {
                const auto parts = pack_.list(records[phrase].atoms);
                for (std::uint32_t i = first_[atom]; i != none; i = places_[i].next) {
                    const auto end = follow(parts, 1, places_[i], 0);
                    if (!end) continue;
                    if (!hits.empty() && hits.back().phrase == phrase) {  // the longest reading says most
                        if (end->words > hits.back().words)
                            hits.back() = {.phrase = phrase,
                                           .begin = places_[i].begin,
                                           .end = end->octet,
                                           .words = end->words};
                    } else {
                        hits.push_back({.phrase = phrase,
                                        .begin = places_[i].begin,
                                        .end = end->octet,
                                        .words = end->words});
                    }
                }
            }
        }
        return hits;
    }

    const Pack& pack_;
    std::string_view text_;
    std::span<const knowledge::NodeRecord> nodes_;
    std::vector<std::uint32_t> first_, last_;
    std::vector<std::uint8_t> count_;
    std::vector<std::uint32_t> seen_{};
    std::vector<Place> places_{};
    std::vector<State> states_{}, next_{};
    std::array<std::uint32_t, 12> symbols_{};
    std::size_t symbols_count_{};
};

}  // namespace

std::vector<PhraseHit> scan_phrases(const Pack& pack, std::string_view text) {
    return Scan(pack, text).run();
}

}  // namespace maildoctor::explain
