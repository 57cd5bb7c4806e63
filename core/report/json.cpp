#include "core/model/server_url.h"
#include "core/report/facts_json.h"
#include "core/report/facts_words.h"
#include "core/report/json_writer.h"
#include "core/report/render.h"
#include "core/report/report_json.h"
#include "core/report/times.h"

namespace maildoctor::report {
namespace {

void write_optional(JsonWriter& json, std::string_view name, const std::optional<std::string>& value) {
    json.key(name);
    if (value)
        json.text(*value);
    else
        json.null();
}

void write_wishes(JsonWriter& json, const Request& request) {
    const RelayWish& relay = request.relay;
    if (relay.scope != RelayScope::off)
        json.member("relay", relay.scope == RelayScope::full ? "full" : "basic");
    if (relay.server) json.member("relay_server", server_url(*relay.server));
    if (request.message_size) json.member("message_size", *request.message_size);
    if (request.send_test_to) json.member("send_test_to", request.send_test_to->text());
}

void write_limits(JsonWriter& json, const std::vector<ServerLimit>& limits) {
    json.key("limits").begin_array();
    for (const ServerLimit& limit : limits) {
        json.begin_object().member("limit", word(limit.kind)).key("subject");
        write_subject(json, limit.subject);
        json.member("value", limit.value);
        if (limit.reached) json.member("reached", true);
        if (limit.wanted) json.member("wanted", *limit.wanted);
        json.member("exceeded", limit.exceeded()).end_object();
    }
    json.end_array();
}

void write_request(JsonWriter& json, const Request& request) {
    const auto url = [](const std::optional<ServerSetting>& setting) {
        return setting ? std::optional(server_url(*setting)) : std::nullopt;
    };
    json.begin_object();
    write_optional(json, "email", request.email ? std::optional(request.email->text()) : std::nullopt);
    if (request.domain) json.member("domain", request.domain->text());
    write_optional(json, "incoming", url(request.incoming));
    write_optional(json, "outgoing", url(request.outgoing));
    write_wishes(json, request);
    json.member_if_set("program", request.program).member("for_someone_else", request.for_someone_else);
    if (!request.control_hosts.empty()) {
        json.key("control_hosts").begin_array();
        for (const HostName& host : request.control_hosts)
            json.text(host.text());
        json.end_array();
    }
    json.end_object();
}

void write_fixes(JsonWriter& json, const std::vector<Fix>& fixes) {
    json.begin_array();
    for (const Fix& fix : fixes)
        json.begin_object().member("audience", word(fix.audience)).member("steps", fix.steps).end_object();
    json.end_array();
}

void write_finding(JsonWriter& json, const Report& report, const Finding& finding, bool observations) {
    json.begin_object()
        .member("cause", cause_id(finding.cause))
        .member("severity", word(finding.severity))
        .member("confidence", word(finding.confidence))
        .member("primary", finding.primary)
        .key("subject");
    write_subject(json, finding.subject);
    json.member_if_set("detail", finding.detail)
        .member("title", finding.title)
        .member("explanation", finding.explanation)
        .member_if_set("why", finding.why)
        .member("actor", word(finding.actor))
        .key("fixes");
    write_fixes(json, finding.fixes);
    json.key("evidence").begin_array();
    for (const Evidence& evidence : finding.evidence)
        json.begin_object().member("kind", evidence.kind).member("text", evidence.text).end_object();
    json.end_array().key("observations").begin_array();
    if (observations)
        for (const ObservationId id : finding.observations)
            json.number(static_cast<std::int64_t>(id));
    json.end_array().member("references", finding.references).key("consequence_of");
    // The cause that it follows from; `primary` of the report is written the same way.
    if (finding.consequence_of && *finding.consequence_of < report.findings.size())
        json.text(cause_id(report.findings[*finding.consequence_of].cause));
    else
        json.null();
    json.member_if_set("rule", finding.rule).end_object();
}

void write_settings(JsonWriter& json, const std::vector<ServerSetting>& settings) {
    json.begin_array();
    for (const ServerSetting& setting : settings) {
        json.begin_object()
            .member("protocol", word(setting.protocol))
            .member("host", setting.host.text())
            .member("port", setting.port.number())
            .member("security", word(setting.security));
        if (setting.username) json.member("username", *setting.username);
        if (setting.username_form) json.member("username_form", *setting.username_form);
        json.member("auth", setting.auth).member("source", setting.source);
        if (setting.works) json.member("works", *setting.works);
        json.end_object();
    }
    json.end_array();
}

/// What the pasted text said, in short; `explain --format json` has the rest.
void write_clues(JsonWriter& json, const Clues& clues) {
    json.begin_object().key("causes").begin_array();
    for (const CauseCandidate& candidate : clues.causes)
        json.begin_object()
            .member("cause", cause_id(candidate.cause))
            .member("confidence", word(candidate.confidence))
            .end_object();
    json.end_array()
        .member("codes", clues.fields.codes)
        .member_if_set("program", clues.program)
        .member_if_set("provider", clues.provider)
        .end_object();
}

void write_findings(JsonWriter& json, const Report& report, bool observations) {
    json.key("primary");
    const Finding* primary = nullptr;
    for (const Finding& finding : report.findings)
        if (finding.primary && primary == nullptr) primary = &finding;
    if (primary != nullptr)
        json.text(cause_id(primary->cause));
    else
        json.null();
    json.key("findings").begin_array();
    for (const Finding& finding : report.findings)
        write_finding(json, report, finding, observations);
    json.end_array();
}

}  // namespace

void write_publication(JsonWriter& json, const std::vector<PublicationPart>& parts) {
    json.begin_array();
    for (const PublicationPart& part : parts)
        json.begin_object()
            .member("id", part.id)
            .member("title", part.title)
            .member("where", part.where)
            .member("path", part.path)
            .key("content")
            .verbatim(part.content)
            .end_object();
    json.end_array();
}

void write_report_members(JsonWriter& json, const Report& report, bool observations) {
    json.member("maildoctor", report.version)
        .member("schema", 1)
        .member("started", rfc3339(report.started))
        .member("duration_ms", report.duration.count())
        .key("request");
    write_request(json, report.request);
    json.member("verdict", word(report.verdict)).key("not_tested").begin_array();
    for (const NotTested& entry : report.not_tested)
        json.begin_object().member("what", entry.what).member("because", entry.because).end_object();
    json.end_array();
    write_findings(json, report, observations);
    json.key("settings").begin_object().key("incoming");
    write_settings(json, report.settings.incoming);
    json.key("outgoing");
    write_settings(json, report.settings.outgoing);
    json.end_object();
    if (!report.limits.empty()) write_limits(json, report.limits);
    if (report.clues) {
        json.key("clues");
        write_clues(json, *report.clues);
    }
    if (!report.publication.empty()) {
        json.key("publication");
        write_publication(json, report.publication);
    }
    json.key("told").begin_array();
    for (const Told& told : report.told)
        json.begin_object().member("who", told.who).member("what", told.what).end_object();
    json.end_array().member("notes", report.notes).key("observations").begin_array();
    if (observations)
        for (const Observation& seen : report.observations)
            write_observation(json, seen);
    json.end_array();
}

std::string render_json(const Report& report) {
    JsonWriter json;
    json.begin_object();
    write_report_members(json, report, true);
    json.end_object();
    return json.take() + "\n";
}

}  // namespace maildoctor::report
