#include "core/knowledge/phrase.h"

#include "core/knowledge/words.h"

namespace maildoctor::knowledge {
namespace {

constexpr std::size_t shortest_stem = 2;

/// Replaces the first innermost {a|b} by each of its alternatives until none is left.
bool expand_alternatives(std::string_view text, std::vector<std::string>& out) {
    const std::size_t close = text.find('}');
    if (close == std::string_view::npos) {
        if (text.find('{') != std::string_view::npos) return false;
        out.emplace_back(text);
        return out.size() <= max_expansions;
    }
    const std::size_t open = text.rfind('{', close);
    if (open == std::string_view::npos) return false;
    std::string_view choices = text.substr(open + 1, close - open - 1);
    while (true) {
        const std::size_t bar = choices.find('|');
        std::string chosen(text.substr(0, open));
        chosen += choices.substr(0, bar);
        chosen += text.substr(close + 1);
        if (!expand_alternatives(chosen, out)) return false;
        if (bar == std::string_view::npos) return true;
        choices = choices.substr(bar + 1);
    }
}

bool read_item(std::string_view item, Phrase& phrase) {
    using Kind = PhraseItem::Kind;
    if (item == "..") {
        phrase.push_back({.kind = Kind::gap});
        return true;
    }
    if (item == "@" || item == "#") {
        phrase.push_back({.kind = item == "@" ? Kind::address : Kind::number});
        return true;
    }
    const bool stem = item.ends_with('*');
    if (stem) item.remove_suffix(1);
    const std::size_t before = phrase.size();
    WordReader reader(item);
    while (const auto word = reader.next())
        phrase.push_back({.kind = word->kind == WordKind::address ? Kind::address : Kind::word, .word = std::string(reader.folded())});
    if (phrase.size() == before) return false;
    if (stem) {
        if (phrase.back().word.size() < shortest_stem) return false;
        phrase.back().kind = Kind::stem;
    }
    return true;
}

std::optional<Phrase> read_phrase(std::string_view text) {
    Phrase phrase;
    // Words that only read as one across a blank ("e mail") are left alone: each item is folded by itself.
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        if (end > 0 && !read_item(text.substr(0, end), phrase)) return std::nullopt;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (phrase.empty() || phrase.front().kind == PhraseItem::Kind::gap || phrase.back().kind == PhraseItem::Kind::gap) return std::nullopt;
    for (std::size_t i = 1; i < phrase.size(); ++i) {
        if (phrase[i].kind == PhraseItem::Kind::gap && phrase[i - 1].kind == PhraseItem::Kind::gap) return std::nullopt;
    }
    return phrase;
}

}  // namespace

std::vector<Phrase> expand_phrase(std::string_view text) {
    std::vector<std::string> spelled;
    std::vector<Phrase> phrases;
    if (!expand_alternatives(text, spelled)) return phrases;
    for (const std::string& one : spelled) {
        auto phrase = read_phrase(one);
        if (!phrase) return {};
        phrases.push_back(std::move(*phrase));
    }
    return phrases;
}

std::optional<std::string> phrase_fault(std::string_view text) {
    std::vector<std::string> spelled;
    if (!expand_alternatives(text, spelled))
        return spelled.size() > max_expansions ? "stands for more than " + std::to_string(max_expansions) + " phrases" : std::string("braces do not pair");
    for (const std::string& one : spelled) {
        if (!read_phrase(one)) return "'" + one + "' has no words, begins or ends with '..', or has a stem of one letter";
    }
    return std::nullopt;
}

}  // namespace maildoctor::knowledge
