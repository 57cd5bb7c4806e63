#include <algorithm>
#include <array>
#include <ctime>

#include "core/explain/share.h"
#include "core/report/clean.h"
#include "core/report/clues.h"
#include "core/report/layout.h"

namespace maildoctor::report {
namespace {

using knowledge::Pack;

/// One line without control characters or what hides other text.
std::string clean(std::string_view text) {
    std::string line(text);
    std::ranges::replace_if(line, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    return cleaned(line);
}

std::string paragraph(std::string_view text, std::size_t width, std::string_view first,
                      std::string_view next) {
    return wrapped(clean(text), std::max<std::size_t>(width, 20), first, next);
}

std::string today() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    std::array<char, 16> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%d", &parts);
    return text.data();
}

/// Headings of the answer in the languages of the texts.
struct Words {
    std::string_view meaning, why, do_now, helpdesk, operator_, because, codes, also, secret, nothing,
        provider, checked, old;
};
constexpr Words english = {
    "What it means",
    "Why it happens",
    "What to do",
    "For the helpdesk",
    "For the server's operator",
    "Why we think so",
    "The codes in the text",
    "Less likely",
    "A password stood in this text. It has been taken out here; change it, since it may have been seen.",
    "No known error was found in this text.",
    "About this provider",
    "checked",
    "may be out of date"};
constexpr Words german = {"Was das bedeutet",
                          "Woran es liegt",
                          "Was jetzt zu tun ist",
                          "F\xC3\xBCr den Helpdesk",
                          "F\xC3\xBCr den Betreiber des Servers",
                          "Warum wir das glauben",
                          "Die Codes im Text",
                          "Weniger wahrscheinlich",
                          "In diesem Text stand ein Passwort. Hier wurde es entfernt; \xC3\xA4ndern Sie es, "
                          "denn es kann gesehen worden sein.",
                          "In diesem Text wurde kein bekannter Fehler gefunden.",
                          "Zu diesem Anbieter",
                          "gepr\xC3\xBC"
                          "ft am",
                          "kann veraltet sein"};

const Words& words_for(std::string_view language) {
    return language == "de" ? german : english;
}

std::string heading(std::string_view text) {
    return "\n" + std::string(text) + ":\n";
}

void add_steps(std::string& out, const std::vector<std::string>& steps, std::size_t width) {
    int number = 1;
    for (const std::string& step : steps) {
        const std::string mark = "  " + std::to_string(number++) + ". ";
        out += paragraph(step, width, mark, std::string(mark.size(), ' '));
    }
}

std::string evidence(const Clues& clues, const CauseCandidate& cause) {
    std::string out;
    std::vector<std::pair<std::size_t, std::size_t>> seen;
    for (const Match& match : cause.matched) {
        if (match.end <= match.begin || match.end > clues.text.size() ||
            std::ranges::find(seen, std::pair{match.begin, match.end}) != seen.end())
            continue;
        seen.emplace_back(match.begin, match.end);
        out += (out.empty() ? "" : ", ") + std::string("\"") +
               clean(std::string_view(clues.text).substr(match.begin, match.end - match.begin)) + "\"";
        if (seen.size() == 3) break;
    }
    return out;
}

std::vector<knowledge::ProviderFact> fitting_facts(const Clues& clues, const Pack& pack,
                                                   std::string_view language) {
    const auto* const provider = clues.provider.empty() ? nullptr : knowledge::provider(pack, clues.provider);
    if (!provider || clues.causes.empty()) return {};
    auto facts = knowledge::facts_about(pack, *provider, language, today());
    std::erase_if(facts, [&](const knowledge::ProviderFact& fact) {
        return fact.cause != clues.causes.front().cause || fact.text.empty();
    });
    return facts;
}

}  // namespace

knowledge::Values values_of(const Clues& clues, const Pack& pack) {
    knowledge::Values values;
    const auto put = [&](std::string name, const std::string& value) {
        if (!value.empty()) values[std::move(name)] = clean(value);
    };
    const TextFields& fields = clues.fields;
    if (fields.server) put("server", *fields.server), put("host", *fields.server);
    if (fields.port) put("port", std::to_string(*fields.port));
    if (fields.protocol) put("protocol", std::string(word(*fields.protocol)));
    if (fields.account) put("account", *fields.account);
    if (fields.address) {
        put("address", *fields.address);
        put("email", *fields.address);
        put("domain", fields.address->substr(fields.address->find('@') + 1));
    }
    if (const auto* const provider = knowledge::provider(pack, clues.provider))
        put("provider", std::string(pack.text(provider->name)));
    if (const auto* const program = knowledge::program(pack, clues.program))
        put("program", std::string(pack.text(program->name)));
    return values;
}

std::string render_clues_text(const Clues& clues, const Pack& pack, const CluesStyle& style) {
    const Words& words = words_for(style.language);
    std::string out;
    if (clues.secret_removed) out += paragraph(words.secret, style.width, "! ", "  ") + "\n";
    if (clues.causes.empty()) {
        if (clues.not_mail) {
            out += paragraph((style.language == "de" ? "Das ist kein Mailfehler, sondern "
                                                     : "This is not a mail error, it is ") +
                                 clues.not_mail->name + ": " + clues.not_mail->meaning,
                             style.width, "", "");
        } else {
            out += std::string(words.nothing) + "\n";
        }
        return out;
    }
    const auto values = values_of(clues, pack);
    const CauseCandidate& first = clues.causes.front();
    auto text = knowledge::text_for(pack, first.cause,
                                    {.variant = first.variant,
                                     .program = clues.program,
                                     .provider = clues.provider,
                                     .language = style.language});
    knowledge::fill(text, values, style.language);
    out += paragraph(text.title, style.width, "", "");
    if (!text.meaning.empty())
        out += heading(words.meaning) + paragraph(text.meaning, style.width, "  ", "  ");
    if (const std::string because = evidence(clues, first); !because.empty())
        out += heading(words.because) + paragraph(because, style.width, "  ", "  ");
    if (!text.why.empty()) {
        out += heading(words.why);
        for (const std::string& why : text.why)
            out += paragraph(why, style.width, "  - ", "    ");
    }
    for (const Fix& fix : text.fixes) {
        out += heading(fix.audience == Audience::user       ? words.do_now
                       : fix.audience == Audience::helpdesk ? words.helpdesk
                                                            : words.operator_);
        add_steps(out, fix.steps, style.width);
    }
    if (const auto facts = fitting_facts(clues, pack, style.language); !facts.empty()) {
        out += heading(words.provider);
        for (const auto& fact : facts)
            out += paragraph(fact.text + " (" + std::string(words.checked) + " " + fact.checked +
                                 (fact.old ? ", " + std::string(words.old) : "") + ": " + fact.source + ")",
                             style.width, "  - ", "    ");
    }
    if (!clues.codes.empty()) {
        out += heading(words.codes);
        for (const CodeMeaning& code : clues.codes) {
            std::string line = code.code;
            if (!code.symbol.empty()) line += " " + code.symbol;
            out += paragraph(line + " (" + code.origin + "): " + code.meaning, style.width, "  ", "    ");
        }
    }
    if (clues.causes.size() > 1) {
        out += heading(words.also);
        for (std::size_t i = 1; i < std::min<std::size_t>(clues.causes.size(), 4); ++i) {
            auto other =
                knowledge::text_for(pack, clues.causes[i].cause,
                                    {.variant = clues.causes[i].variant, .language = style.language});
            out +=
                paragraph(knowledge::fill(other.title, values, style.language), style.width, "  - ", "    ");
        }
    }
    if (style.share) out += "\n---\n" + explain::anonymised(clues.text) + "\n";
    return out;
}

std::string render_glossary_text(const knowledge::GlossaryRecord& entry, const Pack& pack,
                                 const CluesStyle& style) {
    std::string out = clean(pack.text(entry.title)) + "\n\n";
    std::string_view rest = pack.text(entry.text);
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find("\n\n"), rest.size());
        out += paragraph(rest.substr(0, end), style.width, "", "");
        rest.remove_prefix(std::min(end + 2, rest.size()));
        if (!rest.empty()) out += '\n';
    }
    std::string list;
    for (const std::string& term : pack.strings(entry.see))
        list += (list.empty() ? "" : ", ") + term;
    if (!list.empty())
        out += "\n" + std::string(style.language == "de" ? "Siehe auch: " : "See also: ") + list + "\n";
    return out;
}

}  // namespace maildoctor::report
