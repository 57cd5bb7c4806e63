#include "core/explain/explain.h"

#include <algorithm>
#include <array>

#include "core/explain/decode.h"
#include "core/explain/evidence.h"
#include "core/explain/fields.h"
#include "core/explain/language.h"
#include "core/explain/old_program.h"
#include "core/explain/secrets.h"
#include "core/knowledge/code_names.h"
#include "core/knowledge/texts.h"
#include "core/mime/bounce.h"

namespace maildoctor::explain {
namespace {

using knowledge::none;
using knowledge::Pack;
using knowledge::Section;

constexpr std::size_t fields_reach = std::size_t{64}
                                     << 10;  ///< fields stand at the front of a text or nowhere

std::string program_of(const Pack& pack, const std::vector<PhraseHit>& hits) {
    const auto phrases = pack.all<knowledge::PhraseRecord>(Section::phrases);
    std::uint32_t best = none, best_words = 0;
    for (const PhraseHit& hit : hits) {
        const knowledge::PhraseRecord& phrase = phrases[hit.phrase];
        if (phrase.name != none && hit.words > best_words) {
            best = phrase.name;
            best_words = hit.words;
        }
    }
    return best == none ? std::string() : std::string(pack.text(pack.programs()[best].id));
}

std::string provider_in(const Pack& pack, std::string_view text) {
    for (const std::string_view host : host_names(text)) {
        if (const auto* const provider = knowledge::provider_of(pack, host))
            return std::string(pack.text(provider->id));
    }
    return {};
}

TextFacts facts_of(const Pack& pack, std::string_view text) {
    TextFacts facts{.text = text, .codes = scan_codes(text), .phrases = scan_phrases(pack, text)};
    read_dialect(facts);
    add_spoken_codes(pack, facts);
    add_code_that_is_all(pack, facts);
    return facts;
}

void describe_codes(const Pack& pack, const std::vector<FoundCode>& codes, Clues& clues) {
    constexpr std::size_t most = 24;
    for (const FoundCode& code : codes) {
        const knowledge::CodeRecord* record = pack.code(code.canonical);
        if (!record && code.kind == CodeKind::enhanced) record = pack.code("X" + code.canonical.substr(1));
        if (!record || code.kind == CodeKind::combined || !code.plain) continue;
        if (clues.codes.size() >= most) return;
        const auto entries = pack.entries(*record);
        if (entries.empty()) continue;
        // What the standard says of a code comes before what one provider means by it ("gmx:auth-failed").
        const auto standard = std::ranges::find_if(entries, [&](const knowledge::CodeEntry& entry) {
            return pack.text(entry.symbol).find(':') == std::string_view::npos;
        });
        const knowledge::CodeEntry& entry = standard == entries.end() ? entries.front() : *standard;
        clues.codes.push_back({.code = code.canonical,
                               .symbol = std::string(pack.text(entry.symbol)),
                               .origin = std::string(pack.text(entry.origin)),
                               .meaning = std::string(pack.text(entry.meaning))});
    }
}

/// A code that is known and stands for no mail problem, in a text that says nothing else.
std::optional<NotMail> not_mail(const Pack& pack, const TextFacts& facts) {
    for (const FoundCode& code : facts.codes) {
        if (!code.plain) continue;
        const knowledge::CodeRecord* record = pack.code(code.canonical);
        if (!record || pack.entries(*record).empty()) {
            for (const std::string& family : knowledge::families_of(code.canonical)) {
                record = pack.code(family);
                if (record && !pack.entries(*record).empty()) break;
            }
        }
        if (!record || pack.entries(*record).empty()) continue;
        const knowledge::CodeEntry& entry = pack.entries(*record).front();
        const std::string_view name = pack.text(entry.symbol);
        return NotMail{.name = name.empty() ? code.canonical : std::string(name),
                       .meaning = std::string(pack.text(entry.meaning))};
    }
    return std::nullopt;
}

/// What a reply means at its place in the dialog, where its words leave several causes open.
std::optional<Cause> cause_of_stage(const ReplyContext& context, char reply_class) {
    const bool smtp = context.protocol == Protocol::smtp;
    switch (context.stage) {
        case Stage::greeting:
            return smtp ? Cause::smtp_service_unavailable : Cause::mailbox_server_error;
        case Stage::capabilities:
            if (smtp && reply_class == '4') return Cause::smtp_service_unavailable;
            return smtp ? Cause::smtp_helo_rejected : Cause::mailbox_server_error;
        case Stage::starttls:
            return Cause::tls_not_offered;
        case Stage::login:
            return reply_class == '4' ? Cause::smtp_service_unavailable : Cause::auth_bad_credentials;
        case Stage::sender:
            return reply_class == '4' ? Cause::smtp_service_unavailable : Cause::smtp_sender_rejected;
        case Stage::recipient:
            return reply_class == '4' ? Cause::smtp_service_unavailable : Cause::smtp_recipient_unknown;
        case Stage::data:
            return reply_class == '4' ? Cause::smtp_service_unavailable : Cause::smtp_content_rejected;
        case Stage::other:
            break;
    }
    return std::nullopt;
}

}  // namespace

Clues explain(std::string_view bytes, const Pack& pack, const Options& options) {
    Clues clues;
    clues.text = to_utf8(bytes.substr(0, max_input));
    if (mime::looks_like_mail(clues.text)) clues.text = mime::readable_text(clues.text);
    clues.secret_removed = remove_secrets(clues.text);
    TextFacts facts = facts_of(pack, clues.text);
    const std::string_view front = std::string_view(clues.text).substr(0, fields_reach);
    clues.fields = read_fields(front, facts.codes);
    clues.program = options.program.empty() ? program_of(pack, facts.phrases) : options.program;
    clues.provider = provider_in(pack, front);
    clues.language = language_of(front);
    facts.program = clues.program;
    facts.provider = clues.provider;
    facts.protocol = clues.fields.protocol;
    clues.causes = weigh(pack, facts);
    judge_old_program(pack, clues);
    describe_codes(pack, facts.codes, clues);
    if (clues.causes.empty()) clues.not_mail = not_mail(pack, facts);
    return clues;
}

Clues explain(std::string_view bytes, const Options& options) {
    return explain(bytes, knowledge::built_in(), options);
}

std::vector<CauseCandidate> classify_reply(std::string_view reply, const ReplyContext& context,
                                           const Pack& pack) {
    std::string text = to_utf8(reply.substr(0, max_input));
    remove_secrets(text);
    TextFacts facts = facts_of(pack, text);
    facts.protocol = context.protocol;
    facts.provider = context.provider;
    std::vector<CauseCandidate> causes = weigh(pack, facts);
    // Bare codes weigh little: the place in the dialog says more than 550 alone.
    constexpr double weight_of_stage = 330;
    if (const auto cause = cause_of_stage(context, text.empty() ? ' ' : text.front());
        cause && (causes.empty() || causes.front().weight < weight_of_stage)) {
        const auto same = std::ranges::find(causes, *cause, &CauseCandidate::cause);
        CauseCandidate found{.cause = *cause, .confidence = Confidence::possible, .weight = weight_of_stage};
        found.matched.push_back({.rule = "stage", .begin = 0, .end = text.size()});
        if (same != causes.end()) causes.erase(same);
        causes.insert(causes.begin(), std::move(found));
    }
    return causes;
}

std::vector<CauseCandidate> classify_reply(std::string_view reply, const ReplyContext& context) {
    return classify_reply(reply, context, knowledge::built_in());
}

bool rule_holds(const Pack& pack, const knowledge::RuleRecord& rule, std::string_view bytes) {
    std::string text = to_utf8(bytes.substr(0, max_input));
    remove_secrets(text);
    TextFacts facts = facts_of(pack, text);
    const TextFields fields = read_fields(std::string_view(text).substr(0, fields_reach), facts.codes);
    facts.program = program_of(pack, facts.phrases);
    facts.provider = provider_in(pack, text);
    facts.protocol = fields.protocol;
    return holds(pack, facts, rule);
}

}  // namespace maildoctor::explain
