#include "core/report/explanation.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <ranges>
#include <span>

#include "core/explain/share.h"
#include "core/report/clean.h"
#include "core/report/clues.h"

namespace maildoctor::report {
namespace {

using knowledge::Pack;

struct Pair {
    std::string_view english, german;
    std::string_view in(Language language) const { return language == Language::german ? german : english; }
};

constexpr std::array<Pair, static_cast<std::size_t>(ExplanationPhrase::count)> phrases = {{
    {"What it means", "Was das bedeutet"},
    {"Why it happens", "Woran es liegt"},
    {"What to do", "Was jetzt zu tun ist"},
    {"For the helpdesk", "Für den Helpdesk"},
    {"For the server's operator", "Für den Betreiber des Servers"},
    {"Why we think so", "Warum wir das glauben"},
    {"The codes in the text", "Die Codes im Text"},
    {"Less likely", "Weniger wahrscheinlich"},
    {"About this provider", "Zu diesem Anbieter"},
    {"checked", "geprüft am"},
    {"may be out of date", "kann veraltet sein"},
    {"More about this", "Mehr dazu"},
}};
constexpr Pair secret = {
    "A password stood in this text. It has been taken out here; change it, since it may have been seen.",
    "In diesem Text stand ein Passwort. Hier wurde es entfernt; ändern Sie es, denn es kann gesehen worden "
    "sein."};
constexpr Pair nothing = {"No known error was found in this text.",
                          "In diesem Text wurde kein bekannter Fehler gefunden."};
constexpr Pair guessed = {
    "This is a guess from single words: no known error message was found. The exact text or code says more.",
    "Das ist aus einzelnen Wörtern geraten: eine bekannte Fehlermeldung war nicht dabei. Der genaue Text "
    "oder Code "
    "sagt mehr."};
constexpr Pair not_mail = {"This is not a mail error, it is ", "Das ist kein Mailfehler, sondern "};

constexpr std::size_t most_less_likely = 3;

/// Whether no rule and no code speaks for the cause, only words that are usual with it.
bool is_guess(const CauseCandidate& cause) {
    return cause.confidence == Confidence::possible && !cause.matched.empty() &&
           std::ranges::all_of(cause.matched, [](const Match& match) { return match.rule == "words"; });
}

std::vector<Span> spans_of(const CauseCandidate& cause, std::size_t size) {
    std::vector<Span> spans;
    for (const Match& match : cause.matched)
        if (match.begin < match.end && match.end <= size) spans.push_back({match.begin, match.end});
    std::ranges::sort(spans, {}, [](const Span& s) { return std::pair(s.begin, s.end); });
    std::vector<Span> merged;
    for (const Span& span : spans) {
        if (!merged.empty() && span.begin < merged.back().end)
            merged.back().end = std::max(merged.back().end, span.end);
        else
            merged.push_back(span);
    }
    return merged;
}

void clean(knowledge::Text& text) {
    const auto one_line = [](std::string& line) { line = cleaned(line); };
    one_line(text.title);
    one_line(text.meaning);
    std::ranges::for_each(text.why, one_line);
    for (Fix& fix : text.fixes)
        std::ranges::for_each(fix.steps, one_line);
}

/// "auth" of auth.bad-credentials.
std::string_view area_of(Cause cause) noexcept {
    const std::string_view id = cause_id(cause);
    return id.substr(0, id.find('.'));
}

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (std::string_view("\\`*_[]<>#|&~!").find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
    return out;
}

void add_section(std::string& out, std::string_view heading, const std::vector<std::string>& lines,
                 bool numbered) {
    if (lines.empty()) return;
    out += "\n### " + std::string(heading) + "\n\n";
    std::size_t number = 0;
    for (const std::string& line : lines)
        out += (numbered ? std::to_string(++number) + ". " : "- ") + escaped(line) + "\n";
}

/// The text as a quoted block, whatever fences stand in it.
std::string quoted(std::string_view text) {
    constexpr std::size_t longest = 4000;
    text = text.substr(0, longest);
    std::string out = "\n    ";
    for (const char c : text) {
        if (c == '\n')
            out += "\n    ";
        else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F)
            out += c;
    }
    return out + "\n";
}

}  // namespace

std::string_view phrase(ExplanationPhrase which, Language language) noexcept {
    return phrases[static_cast<std::size_t>(which)].in(language);
}

knowledge::Values values_of(const Clues& clues, const Pack& pack) {
    knowledge::Values values;
    const auto put = [&](std::string name, std::string_view value) {
        if (!value.empty()) values[std::move(name)] = cleaned(value);
    };
    const TextFields& fields = clues.fields;
    if (fields.server) put("server", *fields.server), put("host", *fields.server);
    if (fields.port) put("port", std::to_string(*fields.port));
    if (fields.protocol) put("protocol", word(*fields.protocol));
    if (fields.account) put("account", *fields.account);
    if (fields.address) {
        put("address", *fields.address);
        put("email", *fields.address);
        put("domain", fields.address->substr(fields.address->find('@') + 1));
    }
    if (const auto* const provider = knowledge::provider(pack, clues.provider))
        put("provider", pack.text(provider->name));
    if (const auto* const program = knowledge::program(pack, clues.program))
        put("program", pack.text(program->name));
    return values;
}

std::string page_of(Cause cause, std::string_view pages) {
    while (pages.ends_with('/'))
        pages.remove_suffix(1);
    return cleaned(pages) + "/causes/" + std::string(cause_id(cause)) + "/";
}

std::vector<knowledge::ProviderFact> fitting_facts(const Clues& clues, const Pack& pack, Language language,
                                                   std::string_view today) {
    constexpr std::size_t most = 5;
    const auto* const provider = clues.provider.empty() ? nullptr : knowledge::provider(pack, clues.provider);
    if (provider == nullptr) return {};
    const auto known = knowledge::facts_about(pack, *provider, tag_of(language), today);
    const std::size_t named = std::min(clues.causes.size(), most_less_likely + 1);
    std::vector<knowledge::ProviderFact> facts;
    for (const bool old : {false, true}) {
        for (const CauseCandidate& candidate : std::span(clues.causes).first(named)) {
            if (area_of(candidate.cause) != area_of(clues.causes.front().cause)) continue;
            std::ranges::copy_if(known, std::back_inserter(facts), [&](const knowledge::ProviderFact& fact) {
                return fact.cause == candidate.cause && fact.old == old && !fact.text.empty();
            });
        }
    }
    facts.resize(std::min(facts.size(), most));
    return facts;
}

Explanation explanation_of(const Clues& clues, const Pack& pack, std::string_view program, Language language,
                           std::string_view today) {
    Explanation said;
    if (clues.secret_removed) said.secret_warning = secret.in(language);
    if (clues.causes.empty()) {
        said.remark = clues.not_mail ? cleaned(std::string(not_mail.in(language)) + clues.not_mail->name +
                                               ": " + clues.not_mail->meaning)
                                     : std::string(nothing.in(language));
        return said;
    }
    const auto values = values_of(clues, pack);
    const CauseCandidate& first = clues.causes.front();
    said.known = true;
    if (is_guess(clues.causes.front())) said.remark = guessed.in(language);
    said.cause = first.cause;
    said.confidence = first.confidence;
    said.text = knowledge::text_for(pack, first.cause,
                                    {.variant = first.variant,
                                     .program = program.empty() ? std::string_view(clues.program) : program,
                                     .provider = clues.provider,
                                     .language = tag_of(language)});
    knowledge::fill(said.text, values, tag_of(language));
    clean(said.text);
    said.decided_by = spans_of(first, clues.text.size());
    said.facts = fitting_facts(clues, pack, language, today);
    for (const CodeMeaning& code : clues.codes) {
        CodeLine line{cleaned(code.symbol.empty() ? code.code : code.code + " " + code.symbol),
                      cleaned(code.origin), cleaned(code.meaning)};
        if (std::ranges::find(said.codes, line) == said.codes.end()) said.codes.push_back(std::move(line));
    }
    for (std::size_t i = 1; i < clues.causes.size() && i <= most_less_likely; ++i) {
        const auto other = knowledge::text_for(
            pack, clues.causes[i].cause,
            {.variant = clues.causes[i].variant, .program = clues.program, .language = tag_of(language)});
        said.less_likely.push_back(cleaned(knowledge::fill(other.title, values, tag_of(language))));
    }
    return said;
}

std::string render_explanation_markdown(const Explanation& explanation, const Clues& clues,
                                        Language language) {
    const auto say = [&](ExplanationPhrase which) { return phrase(which, language); };
    if (!explanation.known)
        return "# " + escaped(explanation.remark) + "\n" + quoted(explain::anonymised(clues.text));
    std::string out = "# " + escaped(explain::anonymised(explanation.text.title)) + "\n";
    const auto hidden = [](std::vector<std::string> lines) {
        for (std::string& line : lines)
            line = explain::anonymised(line);
        return lines;
    };
    out += "\n" + escaped(explain::anonymised(explanation.text.meaning)) + "\n";
    std::vector<std::string> decided;
    for (const Span& span : explanation.decided_by)
        decided.push_back("\"" + cleaned(clues.text.substr(span.begin, span.end - span.begin)) + "\"");
    add_section(out,
                std::string(say(ExplanationPhrase::because)) + " (" +
                    std::string(confidence_phrase(explanation.confidence, language)) + ")",
                hidden(std::move(decided)), false);
    for (const Fix& fix : explanation.text.fixes)
        add_section(out,
                    say(fix.audience == Audience::user       ? ExplanationPhrase::do_now
                        : fix.audience == Audience::helpdesk ? ExplanationPhrase::helpdesk
                                                             : ExplanationPhrase::operator_),
                    hidden(fix.steps), true);
    std::vector<std::string> codes;
    for (const CodeLine& code : explanation.codes)
        codes.push_back(code.code + " (" + code.origin + "): " + code.meaning);
    add_section(out, say(ExplanationPhrase::codes), codes, false);
    out += "\n### " + std::string(phrase(Phrase::evidence_pasted, language)) + "\n";
    return out + quoted(explain::anonymised(clues.text));
}

std::string render_steps(std::string_view title, const std::vector<std::string>& steps) {
    std::string out = std::string(title) + "\n\n";
    std::size_t number = 0;
    for (const std::string& step : steps)
        out += std::to_string(++number) + ". " + step + "\n";
    return out;
}

}  // namespace maildoctor::report
