#include "core/report/json_writer.h"
#include "core/report/policy_json.h"
#include "core/report/report_json.h"
#include "core/report/validation.h"

namespace maildoctor::report {
namespace {

void write_server(JsonWriter& json, const ServerSetting& setting) {
    json.begin_object()
        .member("protocol", word(setting.protocol))
        .member("host", setting.host.text())
        .member("port", setting.port.number())
        .member("security", word(setting.security));
    if (setting.username_form) json.member("username_form", *setting.username_form);
    json.member_if_set("auth", setting.auth).end_object();
}

void write_faults(JsonWriter& json, const PublishedDocument& document) {
    if (document.faults.empty()) return;
    json.key("faults").begin_array();
    for (const DocumentFault& fault : document.faults) {
        json.begin_object().member("kind", fault.kind).member_if_set("element", fault.element);
        if (fault.line > 0) json.member("line", fault.line).member("column", fault.column);
        json.member("dropped_by", fault.dropped_by).member_if_set("text", fault.text).end_object();
    }
    json.end_array();
}

void write_records(JsonWriter& json, const SourceAnswer& source) {
    bool any = false;
    for (const DnsFacts& facts : source.records)
        any = any || !facts.srv.empty();
    if (!any) return;
    json.key("records").begin_array();
    for (const DnsFacts& facts : source.records) {
        for (const SrvRecord& record : facts.srv)
            json.begin_object()
                .member("name", facts.name)
                .member("priority", record.priority)
                .member("weight", record.weight)
                .member("port", record.port)
                .member("target", record.target.empty() ? std::string(".") : record.target)
                .end_object();
    }
    json.end_array();
}

void write_source(JsonWriter& json, const SourceAnswer& source) {
    json.begin_object()
        .member("source", source.source)
        .member("step", source.step)
        .member("place", source.place)
        .member("outcome", word(source.outcome))
        .member("trusted", source.trusted)
        .member("third_party", source.third_party)
        .member_if_set("detail", source.detail)
        .key("servers")
        .begin_array();
    for (const auto* side : {&source.document.settings.incoming, &source.document.settings.outgoing})
        for (const ServerSetting& setting : *side)
            write_server(json, setting);
    json.end_array();
    write_records(json, source);
    write_faults(json, source.document);
    json.end_object();
}

void write_published(JsonWriter& json, const PublishedServer& server) {
    json.begin_object()
        .member("protocol", word(server.setting.protocol))
        .member("host", server.setting.host.text())
        .member("port", server.setting.port.number())
        .member("security", word(server.setting.security));
    if (server.setting.username_form) json.member("username_form", *server.setting.username_form);
    json.member("sources", server.sources);
    if (server.works) json.member("works", *server.works);
    if (server.cause) json.member("cause", cause_id(*server.cause));
    json.end_object();
}

void write_program(JsonWriter& json, const ProgramOutcome& program) {
    json.begin_object()
        .member("program", program.program)
        .member("name", program.name)
        .member("ending", word(program.ending))
        .member_if_set("decided_by", program.decided_by);
    if (program.incoming) {
        json.key("incoming");
        write_server(json, *program.incoming);
    }
    if (program.outgoing) {
        json.key("outgoing");
        write_server(json, *program.outgoing);
    }
    if (program.works) json.member("works", *program.works);
    json.key("steps").begin_array();
    for (const ProgramStep& step : program.steps)
        json.begin_object()
            .member("step", step.step)
            .member("outcome", word(step.outcome))
            .member_if_set("detail", step.detail)
            .end_object();
    json.end_array().member_if_set("note", program.note).end_object();
}

std::string_view word_of(Answer answer) {
    return answer == Answer::yes ? "yes" : answer == Answer::no ? "no" : "unknown";
}

}  // namespace

std::string validation_json(const Validation& validation, bool observations) {
    JsonWriter json;
    json.begin_object();
    if (validation.report.request.domain) json.member("domain", validation.report.request.domain->text());
    write_report_members(json, validation.report, observations);
    json.key("sources").begin_array();
    for (const SourceAnswer& source : validation.sources)
        write_source(json, source);
    json.end_array().key("servers").begin_array();
    for (const PublishedServer& server : validation.servers)
        write_published(json, server);
    json.end_array();
    if (!validation.answers.empty()) {
        json.key("answers").begin_array();
        for (const AnswerGroup& group : validation.answers)
            json.begin_object()
                .member("host", group.host)
                .member("port", group.port.number())
                .member("connections", group.count)
                .member("addresses", group.addresses)
                .member("answer", group.answer)
                .end_object();
        json.end_array();
    }
    json.key("programs").begin_array();
    for (const ProgramOutcome& program : validation.programs)
        write_program(json, program);
    json.end_array();
    if (validation.mail) {
        json.key("mail");
        write_policy(json, *validation.mail);
    }
    if (!validation.policy.empty()) {
        json.key("policy").begin_array();
        for (const PolicyLine& line : validation.policy)
            json.begin_object()
                .member("rule", line.rule)
                .member("wanted", line.wanted)
                .member("met", word_of(line.met))
                .member_if_set("because", line.because)
                .end_object();
        json.end_array();
    }
    json.end_object();
    return json.take();
}

}  // namespace maildoctor::report
