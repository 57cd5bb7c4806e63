#include "core/knowledge/phrase.h"

#include <algorithm>

#include "core/knowledge/words.h"

namespace maildoctor::knowledge {
namespace {

using Kind = PhraseItem::Kind;

constexpr std::size_t shortest_stem = 2;

bool add_items(std::string_view token, std::vector<PhraseItem>& items) {
    if (token == "@" || token == "#") {
        items.push_back({.kind = token == "@" ? Kind::address : Kind::number});
        return true;
    }
    const bool stem = token.ends_with('*');
    if (stem) token.remove_suffix(1);
    const std::size_t before = items.size();
    WordReader reader(token);
    while (const auto word = reader.next())
        items.push_back({.kind = word->kind == WordKind::address ? Kind::address : Kind::word,
                         .word = std::string(reader.folded())});
    if (items.size() == before) return false;
    if (stem) {
        if (items.back().word.size() < shortest_stem) return false;
        items.back().kind = Kind::stem;
    }
    return true;
}

/// The words between blanks, up to one of the signs that end a run of words.
std::expected<std::vector<PhraseItem>, std::string> read_items(std::string_view text) {
    std::vector<PhraseItem> items;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        const std::string_view token = text.substr(0, end);
        if (token == "..") return std::unexpected("a gap cannot stand inside braces");
        if (!token.empty() && !add_items(token, items))
            return std::unexpected("'" + std::string(token) + "' is no word, or a stem of one letter");
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return items;
}

std::expected<PhrasePart, std::string> read_braces(std::string_view inner) {
    PhrasePart part;
    if (inner.find('{') != std::string_view::npos)
        return std::unexpected("braces cannot stand inside braces");
    while (true) {
        const std::size_t bar = inner.find('|');
        auto items = read_items(inner.substr(0, bar));
        if (!items) return std::unexpected(items.error());
        part.alternatives.push_back(std::move(*items));
        if (bar == std::string_view::npos) return part;
        inner.remove_prefix(bar + 1);
    }
}

bool can_be_empty(const PhraseRun& run) {
    return std::ranges::all_of(run, [](const PhrasePart& part) {
        return std::ranges::any_of(part.alternatives, [](const auto& items) { return items.empty(); });
    });
}

}  // namespace

std::expected<Phrase, std::string> read_phrase(std::string_view text) {
    Phrase phrase(1);
    while (!text.empty()) {
        if (text.front() == ' ') {
            text.remove_prefix(1);
            continue;
        }
        if (text.front() == '{') {
            const std::size_t close = text.find('}');
            if (close == std::string_view::npos) return std::unexpected("a brace is not closed");
            auto part = read_braces(text.substr(1, close - 1));
            if (!part) return std::unexpected(part.error());
            phrase.back().push_back(std::move(*part));
            text.remove_prefix(close + 1);
            continue;
        }
        const std::size_t end = std::min(text.find_first_of(" {"), text.size());
        const std::string_view token = text.substr(0, end);
        text.remove_prefix(end);
        if (token == "..") {
            phrase.emplace_back();
            continue;
        }
        auto items = read_items(token);
        if (!items) return std::unexpected(items.error());
        phrase.back().push_back({.alternatives = {std::move(*items)}});
    }
    for (const PhraseRun& run : phrase) {
        if (can_be_empty(run))
            return std::unexpected(
                "at the ends and between gaps there must be a word that cannot be left out");
    }
    return phrase;
}

std::optional<std::string> phrase_fault(std::string_view text) {
    const auto phrase = read_phrase(text);
    if (phrase) return std::nullopt;
    return phrase.error();
}

PhraseRun literal_run(std::string_view text) {
    PhrasePart part;
    part.alternatives.emplace_back();
    WordReader reader(text);
    while (const auto word = reader.next())
        part.alternatives.back().push_back(
            {.kind = word->kind == WordKind::address ? Kind::address : Kind::word,
             .word = std::string(reader.folded())});
    if (part.alternatives.back().empty()) return {};
    return {std::move(part)};
}

}  // namespace maildoctor::knowledge
