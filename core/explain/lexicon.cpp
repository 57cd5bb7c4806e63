#include "core/explain/lexicon.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/explain/function_words.h"
#include "core/knowledge/words.h"
#include "core/model/ascii.h"

namespace maildoctor::explain {
namespace {

using knowledge::none;
using knowledge::Section;

// rules/lexicon/train.py reads texts in the same way; a change here needs new weights.
constexpr std::size_t max_words = 400;
constexpr std::size_t stem = 6;           ///< octets of a word's beginning that count as a feature
constexpr std::size_t longest_word = 24;  ///< what is longer is no word
constexpr std::size_t longest_name = 7;   ///< letters with digits, longer than this: a made name
constexpr double scale = 16;

bool is_status(std::string_view word) noexcept {
    return word.size() >= 5 && (word[0] == '2' || word[0] == '4' || word[0] == '5') && word[1] == '.' &&
           std::ranges::count(word, '.') == 2;
}

/// A number as the lexicon names it: codes and ports by themselves, others as a class.
std::string_view name_of_number(std::string_view word) noexcept {
    if (word.find('.') != std::string_view::npos) return is_status(word) ? word : "<dots>";
    if (word.size() == 3 && word[0] >= '2' && word[0] <= '5') return word;
    for (const std::string_view port :
         {"25", "110", "143", "465", "587", "993", "995", "2525", "26", "80", "443"}) {
        if (word == port) return word;
    }
    if (word.size() == 5 && (word.starts_with("100") || word.starts_with("110"))) return word;
    return "<number>";
}

std::string_view name_of(std::string_view word, knowledge::WordKind kind) noexcept {
    if (kind == knowledge::WordKind::number) return name_of_number(word);
    if (word.size() > longest_word) return "<long>";
    if (word.size() > longest_name && !word.starts_with("0x") && std::ranges::any_of(word, is_digit))
        return "<name>";
    return word;
}

/// Words that only mail is about, in the languages of the lexicon; what begins with one counts as well.
bool is_of_mail(std::string_view word) noexcept {
    static constexpr std::array<std::string_view, 84> beginnings = {
        "mail",     "email",     "smtp",     "imap",     "pop3",       "outlook",    "thunderbird",
        "inbox",    "outbox",    "postfach", "posteing", "postausg",   "courri",     "messagerie",
        "correo",   "correio",   "postvak",  "webmail",  "recipient",  "attachment", "gmail",
        "hotmail",  "servidor",  "serveur",  "mailserv", "nachricht",  "mensaje",    "mensagem",
        "messaggi", "bericht",   "kennwort", "passwort", "wachtw",     "contrasena", "anhang",
        "adjunto",  "allegat",   "anexo",    "bijlage",  "expediteur", "newsletter", "senden",
        "versend",  "verschick", "empfang",  "envoyer",  "recois",     "inviar",     "invia",
        "ricev",    "enviar",    "recibo",   "recib",    "receb",      "verzend",    "verstur",
        "ontvang",  "casella",   "buzon",    "caixa",    "boite",      "eudora",     "incredimail",
        "yahoo",    "icloud",    "absender", "sender",   "spam",       "junk",       "sendmail",
        "emetteur", "starttls",  "adress",   "posta",    "envio",      "envoi",      "abruf",
        "abhol",    "gmx",       "rundschr", "bounce",   "mailbox",    "aol",        "expedi"};
    return std::ranges::any_of(beginnings, [&](std::string_view known) { return word.starts_with(known); });
}

std::uint64_t extended(std::uint64_t hash, std::string_view text) noexcept {
    for (const char c : text)
        hash = knowledge::extend_hash(hash, c);
    return hash;
}

}  // namespace

LexicalReading::LexicalReading(const knowledge::Pack& pack, std::string_view text)
    : pack_(pack), text_(text), scores_(cause_count + 1, never) {
    if (pack_.all<knowledge::HashSlot>(Section::lexicon_index).empty()) return;
    collect(text);
    add_up();
}

void LexicalReading::collect(std::string_view text) {
    knowledge::WordReader reader(text);
    std::uint64_t before = 0;
    std::uint32_t before_begin = 0;
    const auto add = [&](std::uint64_t hash, std::uint32_t begin, std::uint32_t end) {
        const std::uint32_t feature = pack_.find(Section::lexicon_index, hash);
        if (feature != none) places_.push_back({feature, begin, end});
    };
    for (std::size_t count = 0; count < max_words; ++count) {
        const auto word = reader.next();
        if (!word) break;
        const std::string_view name = name_of(reader.folded(), word->kind);
        add(knowledge::hash_of(name), word->begin, word->end);
        about_mail_ = about_mail_ || is_of_mail(name);
        if (name.size() > stem && std::ranges::all_of(name, [](char c) { return c >= 'a' && c <= 'z'; }))
            add(extended(knowledge::hash_of(name.substr(0, stem)), "*"), word->begin, word->end);
        if (word->kind == knowledge::WordKind::number && is_status(name))
            add(extended(knowledge::hash_of(name.substr(0, name.rfind('.'))), ".*"), word->begin, word->end);
        if (count > 0) add(extended(before, name), before_begin, word->end);
        before = extended(knowledge::hash_of(name), " ");
        before_begin = word->begin;
    }
    // Each feature counts once, where it stands first.
    std::ranges::sort(places_, [](const Place& a, const Place& b) {
        return a.feature != b.feature ? a.feature < b.feature : a.begin < b.begin;
    });
    const auto rest = std::ranges::unique(places_, {}, &Place::feature);
    places_.erase(rest.begin(), rest.end());
}

void LexicalReading::add_up() {
    const auto causes = pack_.all<knowledge::LexiconCause>(Section::lexicon_causes);
    const auto features = pack_.all<knowledge::LexiconFeature>(Section::lexicon_features);
    const auto weights = pack_.all<knowledge::LexiconWeight>(Section::lexicon_weights);
    if (places_.empty()) return;
    std::vector<int> sums(causes.size(), 0);
    for (const Place& place : places_) {
        const knowledge::List list = features[place.feature].weights;
        for (const knowledge::LexiconWeight& weight : weights.subspan(list.at, list.size))
            sums[weight.cause] += weight.weight - causes[weight.cause].absent;
    }
    const auto count = static_cast<double>(places_.size());
    for (std::size_t i = 0; i < causes.size(); ++i)
        scores_[causes[i].cause] =
            (causes[i].prior + (sums[i] + count * causes[i].absent) / std::sqrt(count)) / scale;
}

std::vector<Cause> LexicalReading::best(std::size_t count) const {
    std::vector<Cause> all;
    for (std::size_t i = 0; i < cause_count; ++i) {
        if (scores_[i] > never) all.push_back(static_cast<Cause>(i));
    }
    count = std::min(count, all.size());
    std::ranges::partial_sort(all, all.begin() + static_cast<std::ptrdiff_t>(count), std::greater<>(),
                              [&](Cause cause) { return score(cause); });
    all.resize(count);
    return all;
}

/// The words of a place without numbers, addresses and words of no meaning at its ends; empty when nothing is
/// left.
Match LexicalReading::trimmed(const Place& place) const {
    knowledge::WordReader reader(text_.substr(place.begin, place.end - place.begin));
    Match match{.rule = "words"};
    while (const auto word = reader.next()) {
        if (word->kind != knowledge::WordKind::plain || is_function_word(reader.folded())) continue;
        if (match.end == 0) match.begin = place.begin + word->begin;
        match.end = place.begin + word->end;
    }
    return match;
}

std::vector<Match> LexicalReading::evidence(Cause cause) const {
    const auto causes = pack_.all<knowledge::LexiconCause>(Section::lexicon_causes);
    const auto features = pack_.all<knowledge::LexiconFeature>(Section::lexicon_features);
    const auto weights = pack_.all<knowledge::LexiconWeight>(Section::lexicon_weights);
    std::vector<std::pair<double, const Place*>> speaking;
    for (const Place& place : places_) {
        const knowledge::List list = features[place.feature].weights;
        double own = 0, all = 0;
        for (const knowledge::LexiconWeight& weight : weights.subspan(list.at, list.size)) {
            all += weight.weight;
            if (causes[weight.cause].cause == static_cast<std::uint32_t>(cause)) own = weight.weight;
        }
        speaking.emplace_back(own - all / static_cast<double>(causes.size()), &place);
    }
    std::ranges::sort(speaking, [](const auto& a, const auto& b) {
        return a.first != b.first ? a.first > b.first : a.second->begin < b.second->begin;
    });
    std::vector<Match> matched;
    for (const auto& [weight, place] : speaking) {
        // What speaks against the cause is quoted only where nothing else can be.
        if (matched.size() == 3 || (weight <= 0 && !matched.empty())) break;
        Match match = trimmed(*place);
        const bool inside = std::ranges::any_of(
            matched, [&](const Match& known) { return match.begin < known.end && known.begin < match.end; });
        if (match.end != 0 && !inside) matched.push_back(std::move(match));
    }
    return matched;
}

}  // namespace maildoctor::explain
