#include "core/report/survey_json.h"

#include "core/report/facts_words.h"

namespace maildoctor::report {
namespace {

void write_version(JsonWriter& json, const VersionSeen& seen) {
    json.begin_object()
        .member("version", version_name(seen.version))
        .member("offered", word(seen.offered))
        .member_if_set("because", seen.because);
    if (seen.offered == Answer::yes) {
        json.member("server_order", word(seen.own_order)).member("complete", seen.complete);
        json.key("ciphers").begin_array();
        for (const CipherSeen& cipher : seen.ciphers)
            json.begin_object()
                .member("name", cipher.name)
                .member("code", cipher.code)
                .member("strength", word(cipher.strength))
                .end_object();
        json.end_array();
    }
    json.end_object();
}

void write_client(JsonWriter& json, const ClientTrial& trial) {
    json.begin_object()
        .member("id", trial.id)
        .member("name", trial.name)
        .member_if_set("program", trial.program)
        .member("connects", word(trial.connects))
        .member("offers", trial.best_version)
        .member_if_set("version", trial.version)
        .member_if_set("cipher", trial.cipher);
    if (trial.obstacle != Obstacle::none) json.member("obstacle", word(trial.obstacle));
    json.member_if_set("because", trial.because).end_object();
}

}  // namespace

void write_survey(JsonWriter& json, const TlsSurvey& survey) {
    json.begin_object().key("versions").begin_array();
    for (const VersionSeen& version : survey.versions)
        write_version(json, version);
    json.end_array().key("groups").begin_array();
    for (const GroupSeen& group : survey.groups)
        json.text(group.name);
    json.end_array();
    if (survey.dh_bits > 0) json.member("dh_bits", survey.dh_bits);
    json.member("compression", word(survey.compression))
        .member("secure_renegotiation", word(survey.secure_renegotiation))
        .member("client_renegotiation", word(survey.client_renegotiation))
        .member("extended_master_secret", word(survey.extended_master_secret))
        .member("downgrade_protection", word(survey.downgrade_protection))
        .member("resumes_ids", word(survey.resumes_ids))
        .member("resumes_tickets", word(survey.resumes_tickets))
        .member("resumes_psk", word(survey.resumes_psk))
        .key("clients")
        .begin_array();
    for (const ClientTrial& trial : survey.clients)
        write_client(json, trial);
    json.end_array()
        .member("connections", survey.connections)
        .member_if_set("stopped", survey.stopped)
        .end_object();
}

}  // namespace maildoctor::report
