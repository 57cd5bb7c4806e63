#include <algorithm>

#include "core/explain/share.h"
#include "core/report/clues.h"
#include "core/report/explanation.h"
#include "core/report/json_writer.h"

namespace maildoctor::report {
namespace {

using knowledge::Pack;

constexpr std::size_t line_limit = 20000;  // octets of one line of a pasted text

void write_matched(JsonWriter& json, const CauseCandidate& cause) {
    json.key("matched").begin_array();
    for (const Match& match : cause.matched) {
        json.begin_object().member_if_set("code", match.code).member("rule", match.rule);
        json.key("span").begin_array();
        json.number(static_cast<std::int64_t>(match.begin)).number(static_cast<std::int64_t>(match.end));
        json.end_array().end_object();
    }
    json.end_array();
}

void write_fields(JsonWriter& json, const TextFields& fields) {
    const auto text = [&](std::string_view name, const std::optional<std::string>& value) {
        if (value) json.key(name).lines(*value, line_limit);
    };
    json.key("fields").begin_object();
    text("account", fields.account);
    text("address", fields.address);
    if (fields.protocol) json.member("protocol", word(*fields.protocol));
    text("server", fields.server);
    if (fields.port) json.member("port", *fields.port);
    if (fields.ssl) json.member("ssl", *fields.ssl);
    text("server_response", fields.server_response);
    text("socket_error", fields.socket_error);
    json.member_if_set("codes", fields.codes).end_object();
}

void write_codes(JsonWriter& json, const Clues& clues) {
    json.key("codes").begin_array();
    for (const CodeMeaning& code : clues.codes)
        json.begin_object()
            .member("code", code.code)
            .member("symbol", code.symbol)
            .member("origin", code.origin)
            .member("meaning", code.meaning)
            .end_object();
    json.end_array();
}

/// What is known about the provider and fits the causes, each with whether its date is long past.
void write_facts(JsonWriter& json, const Clues& clues, const Pack& pack, const CluesStyle& style) {
    const auto facts = fitting_facts(clues, pack, language_from(style.language), style.today);
    if (facts.empty()) return;
    json.key("provider_facts").begin_array();
    for (const knowledge::ProviderFact& fact : facts)
        json.begin_object()
            .member("text", fact.text)
            .member("source", fact.source)
            .member("checked", fact.checked)
            .member("old", fact.old)
            .end_object();
    json.end_array();
}

void write_not_mail(JsonWriter& json, const Clues& clues) {
    if (!clues.not_mail) return;
    json.key("not_mail").begin_object();
    json.member("name", clues.not_mail->name).member("meaning", clues.not_mail->meaning).end_object();
}

void write_cause(JsonWriter& json, const CauseCandidate& cause) {
    json.member("cause", cause_id(cause.cause)).member("confidence", word(cause.confidence));
}

void write_text(JsonWriter& json, const knowledge::Text& text) {
    json.member("title", text.title).member("explanation", text.meaning).member("why", text.why);
    json.member("actor", word(text.actor)).key("fixes").begin_array();
    for (const Fix& fix : text.fixes)
        json.begin_object().member("audience", word(fix.audience)).member("steps", fix.steps).end_object();
    json.end_array().member("references", text.references);
}

}  // namespace

std::string render_clues_line(std::string_view id, const Clues& clues) {
    JsonWriter json;
    json.begin_object().key("id").value(id).key("causes").begin_array();
    for (const CauseCandidate& cause : clues.causes) {
        json.begin_object();
        write_cause(json, cause);
        write_matched(json, cause);
        json.end_object();
    }
    json.end_array();
    write_fields(json, clues.fields);
    write_not_mail(json, clues);
    return json.end_object().take();
}

std::string render_clues_json(const Clues& clues, const Pack& pack, const CluesStyle& style,
                              std::string_view version) {
    JsonWriter json;
    json.begin_object().member("maildoctor", version).member("schema", 1).key("causes").begin_array();
    const auto values = values_of(clues, pack);
    for (const CauseCandidate& cause : clues.causes) {
        auto text = knowledge::text_for(pack, cause.cause,
                                        {.variant = cause.variant,
                                         .program = clues.program,
                                         .provider = clues.provider,
                                         .language = style.language});
        knowledge::fill(text, values, style.language);
        json.begin_object();
        write_cause(json, cause);
        write_text(json, text);
        write_matched(json, cause);
        if (!style.pages.empty()) json.member("page", page_of(cause.cause, style.pages));
        json.end_object();
    }
    json.end_array();
    write_fields(json, clues.fields);
    write_codes(json, clues);
    json.member_if_set("program", clues.program)
        .member_if_set("provider", clues.provider)
        .member_if_set("language", clues.language);
    write_facts(json, clues, pack, style);
    write_not_mail(json, clues);
    json.member("secret_removed", clues.secret_removed);
    if (style.share) json.key("shared_text").lines(explain::anonymised(clues.text), line_limit);
    return json.end_object().take();
}

std::string render_glossary_json(const knowledge::GlossaryRecord& entry, const Pack& pack,
                                 std::string_view version) {
    JsonWriter json;
    json.begin_object().member("maildoctor", version).member("schema", 1);
    json.key("causes").begin_array().end_array().key("glossary").begin_object();
    json.member("id", pack.text(entry.id)).member("title", pack.text(entry.title));
    json.key("text").lines(pack.text(entry.text), line_limit).end_object();
    return json.end_object().take() + "\n";
}

}  // namespace maildoctor::report
