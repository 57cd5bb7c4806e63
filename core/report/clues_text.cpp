#include <algorithm>
#include <functional>
#include <ranges>

#include "core/explain/share.h"
#include "core/report/clean.h"
#include "core/report/clues.h"
#include "core/report/explanation.h"
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

std::string evidence(const Clues& clues, const Explanation& said) {
    constexpr std::size_t shown = 3;
    std::string out;
    for (std::size_t i = 0; i < std::min(shown, said.decided_by.size()); ++i) {
        const Span& span = said.decided_by[i];
        out += (out.empty() ? "" : ", ") + std::string("\"") +
               clean(std::string_view(clues.text).substr(span.begin, span.end - span.begin)) + "\"";
    }
    return out;
}

}  // namespace

std::string render_clues_text(const Clues& clues, const Pack& pack, const CluesStyle& style) {
    using Say = ExplanationPhrase;
    const Language language = language_from(style.language);
    const auto head = [&](Say which) { return heading(phrase(which, language)); };
    const Explanation said = explanation_of(clues, pack, "", language, style.today);
    std::string out;
    if (!said.secret_warning.empty()) out += paragraph(said.secret_warning, style.width, "! ", "  ") + "\n";
    if (!said.known) return out + paragraph(said.remark, style.width, "", "");
    out += paragraph(said.text.title, style.width, "", "");
    if (!said.remark.empty()) out += "\n" + paragraph(said.remark, style.width, "", "");
    if (!said.text.meaning.empty())
        out += head(Say::meaning) + paragraph(said.text.meaning, style.width, "  ", "  ");
    if (const std::string because = evidence(clues, said); !because.empty())
        out += head(Say::because) + paragraph(because, style.width, "  ", "  ");
    if (!said.text.why.empty()) {
        out += head(Say::why);
        for (const std::string& why : said.text.why)
            out += paragraph(why, style.width, "  - ", "    ");
    }
    const auto for_user = [](const Fix& fix) { return fix.audience == Audience::user; };
    const auto add_fix = [&](const Fix& fix) {
        out += head(fix.audience == Audience::user       ? Say::do_now
                    : fix.audience == Audience::helpdesk ? Say::helpdesk
                                                         : Say::operator_);
        add_steps(out, fix.steps, style.width);
    };
    std::ranges::for_each(said.text.fixes | std::views::filter(for_user), add_fix);
    if (!said.facts.empty()) {
        out += head(Say::provider);
        for (const auto& fact : said.facts)
            out += paragraph(fact.text + " (" + std::string(phrase(Say::checked, language)) + " " +
                                 fact.checked +
                                 (fact.old ? ", " + std::string(phrase(Say::old, language)) : "") + ": " +
                                 fact.source + ")",
                             style.width, "  - ", "    ");
    }
    std::ranges::for_each(said.text.fixes | std::views::filter(std::not_fn(for_user)), add_fix);
    if (!said.codes.empty()) {
        out += head(Say::codes);
        for (const CodeLine& code : said.codes)
            out +=
                paragraph(code.code + " (" + code.origin + "): " + code.meaning, style.width, "  ", "    ");
    }
    if (!said.less_likely.empty()) {
        out += head(Say::also);
        for (const std::string& title : said.less_likely)
            out += paragraph(title, style.width, "  - ", "    ");
    }
    if (!style.pages.empty())
        out +=
            "\n" + std::string(phrase(Say::page, language)) + ": " + page_of(said.cause, style.pages) + "\n";
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
