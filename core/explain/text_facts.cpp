// What is known about a text before its rules are asked: whose answer it is, and codes that it says in words.
#include <algorithm>
#include <string>

#include "core/explain/evidence.h"
#include "core/explain/quoted_answer.h"
#include "core/model/ascii.h"

namespace maildoctor::explain {

using knowledge::CodeRecord;
using knowledge::none;
using knowledge::Pack;
using knowledge::Section;

void read_dialect(TextFacts& facts) {
    facts.smtp_reply = std::ranges::any_of(facts.codes, [](const FoundCode& code) {
        return (code.kind == CodeKind::reply && code.plain) || code.kind == CodeKind::combined;
    });
    const std::string_view text = facts.text;
    const auto at_line_start = [&](std::size_t at) {
        return at == 0 || text[at - 1] == '\n' || text[at - 1] == '\'' || text[at - 1] == '"' ||
               text[at - 1] == ' ';
    };
    for (const std::string_view answer : {"-ERR", "* NO ", "* BAD ", "* BYE", "+OK "}) {
        if (text.find(answer) != std::string_view::npos) facts.retrieval_answer = true;
    }
    for (const std::string_view answer : {"NO ", "BAD "}) {  // tagged: "A1 NO …", or the answer alone
        for (std::size_t at = text.find(answer); at != std::string_view::npos && !facts.retrieval_answer;
             at = text.find(answer, at + 1)) {
            if (at == 0) facts.retrieval_answer = true;
            if (at < 2 || text[at - 1] != ' ') continue;
            std::size_t tag = at - 1;
            while (tag > 0 && at - tag < 14 &&
                   ((text[tag - 1] >= '0' && text[tag - 1] <= '9') ||
                    (text[tag - 1] >= 'A' && text[tag - 1] <= 'Z') ||
                    (text[tag - 1] >= 'a' && text[tag - 1] <= 'z') || text[tag - 1] == '.'))
                --tag;
            const std::string_view name = text.substr(tag, at - 1 - tag);
            const bool digit = std::ranges::any_of(name, [](char c) { return c >= '0' && c <= '9'; });
            if (!name.empty() && (digit || name.size() == 1) && at_line_start(tag))
                facts.retrieval_answer = true;
        }
    }
    for (const FoundCode& code : facts.codes)
        facts.retrieval_answer = facts.retrieval_answer ||
                                 (code.kind == CodeKind::bracketed && code.begin < 8 && !facts.smtp_reply);
}

void add_code_that_is_all(const Pack& pack, TextFacts& facts) {
    constexpr std::size_t longest = 80;
    const TextPart all = trimmed(facts.text);
    const std::string_view name = facts.text.substr(all.begin, all.end - all.begin);
    const CodeRecord* const record = name.empty() || name.size() > longest ? nullptr : pack.code(name);
    if (!record || pack.entries(*record).empty()) return;
    const auto known = std::ranges::find(facts.codes, name, &FoundCode::canonical);
    if (known != facts.codes.end()) {  // "TLS alert 112": the number was found, the words are its name
        known->begin = static_cast<std::uint32_t>(all.begin);
        known->end = static_cast<std::uint32_t>(all.end);
        known->plain = true;
        return;
    }
    facts.codes.push_back({.canonical = std::string(name),
                           .spelled = std::string(name),
                           .begin = static_cast<std::uint32_t>(all.begin),
                           .end = static_cast<std::uint32_t>(all.end),
                           .kind = CodeKind::named,
                           .plain = true});
}

void add_spoken_codes(const Pack& pack, TextFacts& facts) {
    const auto phrases = pack.all<knowledge::PhraseRecord>(Section::phrases);
    const auto codes = pack.all<CodeRecord>(Section::codes);
    for (const PhraseHit& hit : facts.phrases) {
        const std::uint32_t number = phrases[hit.phrase].code;
        if (number == none || facts.codes.size() > 300) continue;
        std::string name(pack.text(codes[number].name));
        const auto known = std::ranges::find(facts.codes, name, &FoundCode::canonical);
        if (known == facts.codes.end())
            facts.codes.push_back({.canonical = std::move(name),
                                   .spelled = std::string(facts.text.substr(hit.begin, hit.end - hit.begin)),
                                   .begin = hit.begin,
                                   .end = hit.end,
                                   .kind = CodeKind::named});
        else
            known->plain = true;
    }
}

bool is_more_than_words(std::string_view code) {
    constexpr auto sentence = 4;  ///< blanks
    const auto blanks = std::ranges::count(code, ' ');
    const std::size_t dot = code.find('.');
    return blanks == 0 || blanks >= sentence || std::ranges::any_of(code, is_digit) ||
           (dot != std::string_view::npos && dot + 1 < code.size() && code[dot + 1] != ' ');
}

bool is_of_program(const FoundCode& code) {
    return code.kind == CodeKind::hresult || code.kind == CodeKind::negative ||
           (code.kind == CodeKind::named && code.canonical.contains('_'));
}

}  // namespace maildoctor::explain
