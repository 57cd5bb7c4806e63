#include "core/explain/evidence.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/explain/answer_causes.h"
#include "core/explain/lexicon.h"
#include "core/explain/pattern.h"
#include "core/explain/quoted_answer.h"
#include "core/explain/reasons.h"
#include "core/knowledge/code_names.h"
#include "core/knowledge/words.h"

namespace maildoctor::explain {
namespace {

using knowledge::CodeEntry;
using knowledge::CodeRecord;
using knowledge::none;
using knowledge::Pack;
using knowledge::RuleRecord;
using knowledge::Section;

constexpr int word_bonus = 6;  ///< for each word of a matched phrase: the longer wording says more
constexpr int most_word_bonus = 60;
constexpr int code_bonus = 25;          ///< a rule whose code stands in the text as well
constexpr int agreement_bonus = 8;      ///< for each further rule with the same cause
constexpr int answer_bonus = 140;       ///< evidence in the server's own, quoted words
constexpr int sole_code_bonus = 250;    ///< a program's code where no server and no system has a say
constexpr int code_is_all_bonus = 900;  ///< a code without a word around it
constexpr int doubtful_code = -160;     ///< a number that may be no code at all
constexpr std::size_t max_causes = 6;

// How the lexicon takes part; measured with texts that neither rules nor lexicon had seen (docs/rules.md,
// "Words").
constexpr double words_scale = 200;               ///< weight for one unit of log-odds behind the best cause
constexpr double words_scale_without_code = 240;  ///< the same in a text without a code: in people's stories
constexpr double words_fluent = 12;   ///< known words and pairs from which on words have their full weight
constexpr double words_reach = 4000;  ///< most that words take from a cause
constexpr double words_reach_strong = 400;  ///< and most from one that a strong rule names
constexpr double strong_rule = 1000;        ///< weight of a rule that knows a wording for certain
constexpr double bad_command = 380;         ///< what IMAP's BAD says: the server did not understand
constexpr std::size_t longest_tag = 16;
constexpr double words_silent = 300;           ///< what a cause loses that the lexicon knows nothing of
constexpr double words_alone = 150;            ///< weight of a cause where no rule holds
constexpr double words_against_rules = 300;    ///< what a cause without a rule lacks to the best that has one
constexpr double words_against_symptoms = 50;  ///< the same where the best rule is only a user's description
constexpr double words_against_codes = 1200;   ///< the same where the system says itself what happened
constexpr double weak_rule = 340;              ///< less than this weighs a rule for such a description
constexpr double words_ceiling = 700;          ///< a rule heavier than this is further ahead of words alone
constexpr std::size_t words_causes = 6;        ///< so many may join by words alone
constexpr std::size_t words_needed = 3;        ///< known words and pairs, without which nothing is concluded
constexpr double words_margin = -0.5;          ///< log-odds over text that is about no mail problem
constexpr double words_margin_elsewhere = 0.7;  ///< the same where no word stands that only mail is about

std::vector<CauseCandidate> best_first(std::vector<CauseCandidate> causes) {
    std::ranges::sort(causes, [](const CauseCandidate& a, const CauseCandidate& b) {
        return a.weight != b.weight ? a.weight > b.weight : a.cause < b.cause;
    });
    if (causes.size() > max_causes) causes.resize(max_causes);
    for (std::size_t i = 1; i < causes.size(); ++i) {  // a second cause is never surer than the first
        if (causes[i].confidence == Confidence::certain) causes[i].confidence = Confidence::likely;
        if (causes[i].weight < causes[0].weight - 150) causes[i].confidence = Confidence::possible;
    }
    return causes;
}

/// Adds places that speak for the same cause; what the tables say several times of one code counts once.
void join(std::vector<Match>& known, std::vector<Match> more) {
    constexpr std::size_t most = 8;
    for (Match& match : more) {
        const bool there = std::ranges::any_of(known, [&](const Match& other) {
            return other.rule == match.rule && other.code == match.code && other.begin == match.begin &&
                   other.end == match.end;
        });
        if (!there && known.size() < most) known.push_back(std::move(match));
    }
}

/// A number or name that the system or a library gives for one thing that happened: 10060, ECONNREFUSED,
/// -12227, error:0A00010B. What programs of Microsoft say in hexadecimal is often broader.
bool says_what_happened(const FoundCode& code) {
    return code.kind == CodeKind::socket || code.kind == CodeKind::errno_number ||
           code.kind == CodeKind::openssl || code.canonical.starts_with('-');
}

class Weighing {
public:
    Weighing(const Pack& pack, const TextFacts& facts, AnswerOf answer_of)
        : pack_(pack),
          facts_(facts),
          answer_of_(answer_of),
          phrases_(pack.all<knowledge::PhraseRecord>(Section::phrases)),
          answer_(quoted_answer(facts.text)),
          all_(trimmed(facts.text)),
          hit_of_(phrases_.size(), none) {
        for (std::size_t i = 0; i < facts.phrases.size(); ++i)
            hit_of_[facts.phrases[i].phrase] = static_cast<std::uint32_t>(i);
        for (std::size_t i = 0; i < facts.codes.size(); ++i)
            index_code(i);
        for (const FoundCode& code : facts.codes) {
            if (code.kind == CodeKind::reply && code.plain)
                reply_classes_ |= 1U << (code.canonical.front() - '0');
            if (code.kind == CodeKind::enhanced) reply_classes_ |= 1U << (code.canonical.front() - '0');
            if (code.plain && !is_of_program(code)) sole_program_code_ = false;
            if (code.plain) words_scale_ = words_scale;
        }
    }

    std::vector<CauseCandidate> run() {
        std::vector<bool> asked(pack_.rules().size(), false);
        for (const PhraseHit& hit : facts_.phrases) {
            for (const std::uint32_t rule : pack_.list(phrases_[hit.phrase].rules))
                ask(rule, asked);
        }
        const auto codes = pack_.all<CodeRecord>(Section::codes);
        for (const Indexed& code : codes_) {
            for (const std::uint32_t rule : pack_.list(codes[code.number].rules))
                ask(rule, asked);
            if (!code.family) add_table_entries(code, codes[code.number]);
        }
        return ranked();
    }

    bool holds(const RuleRecord& rule, CauseCandidate& found) const {
        if ((rule.protocols & knowledge::rule_sending) && facts_.retrieval_answer && !facts_.smtp_reply)
            return false;
        if ((rule.protocols & knowledge::rule_retrieval) && facts_.smtp_reply && !facts_.retrieval_answer)
            return false;
        int words = 0;
        if (rule.phrases.size > 0) {
            const PhraseHit* best = nullptr;
            for (const std::uint32_t phrase : pack_.list(rule.phrases)) {
                const std::uint32_t hit = hit_of_[phrase];
                if (hit != none && (!best || facts_.phrases[hit].words > best->words))
                    best = &facts_.phrases[hit];
            }
            if (!best) return false;
            words += static_cast<int>(best->words);
            found.matched.push_back({.begin = best->begin, .end = best->end});
        }
        for (const std::uint32_t phrase : pack_.list(rule.all)) {
            if (hit_of_[phrase] == none) return false;
            const PhraseHit& hit = facts_.phrases[hit_of_[phrase]];
            words += static_cast<int>(hit.words);
            found.matched.push_back({.begin = hit.begin, .end = hit.end});
        }
        for (const std::uint32_t phrase : pack_.list(rule.none_of)) {
            if (hit_of_[phrase] != none) return false;
        }
        found.weight = rule.weight + std::min(words * word_bonus, most_word_bonus);
        if (rule.codes.size > 0) {
            const Indexed* const code = any_code(rule.codes);
            if (!code) return false;
            const FoundCode& place = facts_.codes[code->found];
            found.matched.push_back(
                {.code = std::string(pack_.text(pack_.all<CodeRecord>(Section::codes)[code->number].name)),
                 .begin = place.begin,
                 .end = place.end});
            if (code->family) found.matched.back().code = place.canonical;
            if (words > 0) found.weight += code_bonus;
            if (!place.plain && words == 0) found.weight += doubtful_code;
        }
        if (rule.no_codes.size > 0 && any_code(rule.no_codes)) return false;
        if (rule.reply != 0 && !((reply_classes_ >> rule.reply) & 1U)) return false;
        if (rule.programs.size > 0 && !pack_.contains(rule.programs, facts_.program)) return false;
        if (rule.providers.size > 0 && !pack_.contains(rule.providers, facts_.provider)) return false;
        const unsigned protocols = rule.protocols & knowledge::rule_protocols;
        if (protocols != 0 &&
            !(facts_.protocol && ((protocols >> static_cast<unsigned>(*facts_.protocol)) & 1U)))
            return false;
        return rule.pattern.size == 0 || pattern_holds(pack_.text(rule.pattern), facts_.text);
    }

private:
    struct Indexed {
        std::uint32_t number;  ///< of the pack's code
        std::size_t found;     ///< index into facts.codes
        bool family;
    };

    void index_code(std::size_t found) {
        const FoundCode& code = facts_.codes[found];
        const auto add = [&](std::string_view name, bool family) {
            const std::uint32_t number = pack_.find(Section::code_index, knowledge::hash_of(name));
            if (number != none &&
                std::ranges::none_of(codes_, [&](const Indexed& known) { return known.number == number; }))
                codes_.push_back({number, found, family});
        };
        add(code.canonical, false);
        for (const std::string& family : knowledge::families_of(code.canonical)) {
            // "X.7.1" of the registry is the code itself; "5.7.*" only a family
            add(family, !(family.starts_with("X.") && !family.ends_with("*")) ||
                            !exact_entry(code.canonical).empty());
        }
    }

    std::span<const CodeEntry> exact_entry(std::string_view name) const {
        const CodeRecord* const record = pack_.code(name);
        return record ? pack_.entries(*record) : std::span<const CodeEntry>{};
    }

    const Indexed* any_code(knowledge::List wanted) const {
        const auto numbers = pack_.list(wanted);
        for (const Indexed& code : codes_) {
            if (std::ranges::find(numbers, code.number) != numbers.end()) return &code;
        }
        return nullptr;
    }

    void ask(std::uint32_t number, std::vector<bool>& asked) {
        if (asked[number]) return;
        asked[number] = true;
        const RuleRecord& rule = pack_.rules()[number];
        CauseCandidate found{.cause = static_cast<Cause>(rule.cause),
                             .confidence = static_cast<Confidence>(rule.confidence),
                             .variant = std::string(pack_.text(rule.variant))};
        if (!holds(rule, found)) return;
        for (Match& match : found.matched)
            match.rule = pack_.text(rule.id);
        join(found.matched, std::exchange(found.matched, {}));
        if (rule.weight <= 0) {
            details_.push_back(std::move(found));
            return;
        }
        if (!found.matched.empty() && answer_.holds(found.matched.front().begin))
            found.weight += answer_bonus;
        merge(std::move(found));
    }

    void add_table_entries(const Indexed& code, const CodeRecord& record) {
        const FoundCode& place = facts_.codes[code.found];
        double step = 0;
        for (const CodeEntry& entry : pack_.entries(record)) {
            if (entry.cause == none) continue;
            if (place.plain && says_what_happened(place)) system_code_ = true;
            double weight = entry.weight - step;
            if (answer_.holds(place.begin)) weight += answer_bonus;
            if (is_all(place) && is_more_than_words(place.canonical)) weight += code_is_all_bonus;
            if (sole_program_code_ && is_of_program(place) && step == 0) weight += sole_code_bonus;
            if (!place.plain && place.kind != CodeKind::named) weight += doubtful_code;
            step += 3;  // the tables name the most usual cause first
            CauseCandidate found{
                .cause = static_cast<Cause>(entry.cause),
                .confidence = entry.weight >= 400 ? Confidence::likely : Confidence::possible,
                .weight = weight};
            found.matched.push_back(
                {.rule = "codes", .code = place.canonical, .begin = place.begin, .end = place.end});
            merge(std::move(found));
        }
    }

    bool is_all(const FoundCode& place) const { return place.begin <= all_.begin && place.end >= all_.end; }

    void merge(CauseCandidate&& found) {
        const bool known_wording =
            found.cause == Cause::client_misconfigured && found.weight >= words_ceiling;
        if (!can_be_about(answer_of_, found.cause) && !known_wording) return;
        const auto known = std::ranges::find(candidates_, found.cause, &CauseCandidate::cause);
        if (known == candidates_.end()) {
            candidates_.push_back(std::move(found));
            return;
        }
        const double together = std::max(known->weight, found.weight) + agreement_bonus;
        if (found.weight > known->weight) std::swap(*known, found);
        known->weight = together;
        if (known->variant.empty()) known->variant = std::move(found.variant);
        join(known->matched, std::move(found.matched));
    }

    /// Words decide between causes whose rules say about as much, and speak alone where no rule does.
    void hear_words() {
        if (std::ranges::any_of(facts_.codes, [&](const FoundCode& code) {
                return is_all(code) && is_more_than_words(code.canonical) && !candidates_.empty();
            }))
            return;  // there are no words
        const LexicalReading words(pack_, facts_.text);
        if (words.known() < words_needed) return;
        std::vector<Cause> best = words.best(cause_count);
        std::erase_if(best, [&](Cause cause) { return !can_be_about(answer_of_, cause); });
        if (best.empty()) return;
        best.resize(std::min(best.size(), words_causes));
        const bool alone = candidates_.empty();
        double best_rule = words_alone, joining = words_alone;
        if (!alone) {
            best_rule = std::ranges::max_element(candidates_, {}, &CauseCandidate::weight)->weight;
            joining = std::min(best_rule, words_ceiling) - (system_code_            ? words_against_codes
                                                            : best_rule < weak_rule ? words_against_symptoms
                                                                                    : words_against_rules);
        }
        const bool mail = words.about_mail() || facts_.smtp_reply || facts_.retrieval_answer;
        const double least = words.background() + (mail ? words_margin : words_margin_elsewhere);
        for (const Cause cause : best) {
            if (alone && words.score(cause) < least) break;
            if (std::ranges::find(candidates_, cause, &CauseCandidate::cause) != candidates_.end()) continue;
            std::vector<Match> matched = words.evidence(cause);
            if (!matched.empty())
                candidates_.push_back({.cause = cause,
                                       .confidence = Confidence::possible,
                                       .matched = std::move(matched),
                                       .weight = joining});
        }
        if (candidates_.empty()) return;
        const double scale = words_scale_ * std::min(1.0, static_cast<double>(words.known()) / words_fluent);
        for (CauseCandidate& candidate : candidates_) {
            const double behind = words.score(best.front()) - words.score(candidate.cause);
            const double reach = candidate.weight < strong_rule ? words_reach : words_reach_strong;
            candidate.weight -= words.knows(candidate.cause) ? std::min(reach, scale * behind) : words_silent;
        }
        // The first keeps the weight that the best rule gave: others compare with it.
        const double first = std::ranges::max_element(candidates_, {}, &CauseCandidate::weight)->weight;
        for (CauseCandidate& candidate : candidates_)
            candidate.weight += best_rule - first;
    }

    /// Rules of rank "detail" say which variant of a cause's text fits; they are no evidence for it.
    void name_variants() {
        for (CauseCandidate& candidate : candidates_) {
            const auto detail = std::ranges::max_element(details_, {}, [&](const CauseCandidate& found) {
                return found.cause == candidate.cause ? found.weight : -1000.0;
            });
            if (candidate.variant.empty() && detail != details_.end() && detail->cause == candidate.cause)
                candidate.variant = detail->variant;
        }
    }

    /// A POP3 or IMAP server's refusal, where neither a rule nor a word says why; BAD is one by itself.
    void answer_bare_refusal(double weight) {
        constexpr std::size_t longest = 24;
        const bool refused = facts_.text.starts_with("-ERR") || facts_.text.starts_with("* ");
        const bool bare = facts_.retrieval_answer && refused && facts_.text.size() <= longest;
        if (answer_of_ != AnswerOf::retrieval && !bare) return;
        merge({.cause = Cause::mailbox_server_error,
               .confidence = Confidence::possible,
               .matched = {{.rule = "bare-refusal", .begin = all_.begin, .end = all_.end}},
               .weight = weight});
    }

    std::vector<CauseCandidate> ranked() {
        if (facts_.text.substr(0, longest_tag).contains("BAD ")) answer_bare_refusal(bad_command);
        hear_words();
        prefer_reasons(candidates_);
        if (candidates_.empty()) answer_bare_refusal(words_alone);
        name_variants();
        return best_first(std::move(candidates_));
    }

    const Pack& pack_;
    const TextFacts& facts_;
    AnswerOf answer_of_;
    std::span<const knowledge::PhraseRecord> phrases_;
    TextPart answer_, all_;
    std::vector<std::uint32_t> hit_of_;
    std::vector<Indexed> codes_{};
    unsigned reply_classes_{};
    bool sole_program_code_{true};
    bool system_code_{false};  ///< the tables know a code that says_what_happened()
    double words_scale_{words_scale_without_code};
    std::vector<CauseCandidate> candidates_{};
    std::vector<CauseCandidate> details_{};
};

}  // namespace

std::vector<CauseCandidate> weigh(const Pack& pack, const TextFacts& facts) {
    std::vector<CauseCandidate> causes = Weighing(pack, facts, answer_of(facts)).run();
    const std::optional<Pack> addition = pack.addition();
    if (!addition) return causes;
    TextFacts again = facts;
    again.phrases = scan_phrases(*addition, facts.text);
    add_spoken_codes(*addition, again);
    for (CauseCandidate& found : Weighing(*addition, again, AnswerOf::nobody).run()) {
        const auto known = std::ranges::find(causes, found.cause, &CauseCandidate::cause);
        if (known == causes.end())
            causes.push_back(std::move(found));
        else if (known->weight <= found.weight)
            *known = std::move(found);
    }
    return best_first(std::move(causes));
}

bool holds(const Pack& pack, const TextFacts& facts, const RuleRecord& rule) {
    CauseCandidate found;
    return Weighing(pack, facts, AnswerOf::nobody).holds(rule, found);
}

}  // namespace maildoctor::explain
