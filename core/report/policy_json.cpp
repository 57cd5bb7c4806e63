#include "core/report/policy_json.h"

#include "core/report/facts_words.h"
#include "core/report/times.h"

namespace maildoctor::report {
namespace {

void write_record(JsonWriter& json, const PolicyRecord& record) {
    json.begin_object()
        .member("place", record.place)
        .member("state", maildoctor::word(record.state))
        .member_if_set("found", record.found)
        .member_if_set("better", record.better)
        .member_if_set("because", record.because)
        .key("faults")
        .begin_array();
    for (const PolicyFault& fault : record.faults)
        json.begin_object()
            .member("kind", fault.kind)
            .member("weight", maildoctor::word(fault.weight))
            .member("text", fault.text)
            .end_object();
    json.end_array().end_object();
}

void write_spf(JsonWriter& json, const SpfFacts& facts) {
    json.begin_object().key("record");
    write_record(json, facts.record);
    json.member("lookups", facts.lookups)
        .member("void_lookups", facts.void_lookups)
        .member_if_set("all", facts.all)
        .key("costs")
        .begin_array();
    for (const SpfFacts::Cost& cost : facts.costs)
        json.begin_object().member("term", cost.term).member("lookups", cost.lookups).end_object();
    json.end_array().member_if_set("asked", facts.asked).end_object();
}

void write_dkim(JsonWriter& json, const DkimFacts& facts) {
    json.begin_object().member("selector", facts.selector).member("given", facts.given).key("record");
    write_record(json, facts.record);
    json.member_if_set("key_type", facts.key_type)
        .member("key_bits", facts.key_bits)
        .member("revoked", facts.revoked)
        .member("testing", facts.testing)
        .end_object();
}

void write_dmarc(JsonWriter& json, const DmarcFacts& facts) {
    json.begin_object().key("record");
    write_record(json, facts.record);
    json.member_if_set("domain", facts.domain)
        .member_if_set("organisational_domain", facts.organisational)
        .member_if_set("policy", facts.policy)
        .member_if_set("rua", facts.rua)
        .member_if_set("ruf", facts.ruf)
        .key("consents")
        .begin_array();
    for (const DmarcFacts::Consent& consent : facts.consents) {
        json.begin_object().member("destination", consent.destination).member("name", consent.name);
        if (consent.given) json.member("given", *consent.given);
        json.end_object();
    }
    json.end_array().end_object();
}

void write_reverse(JsonWriter& json, const ReverseName& reverse) {
    json.begin_object()
        .member("address", reverse.address.text())
        .member("status", word(reverse.status))
        .member_if_set("names", reverse.names)
        .member_if_set("confirmed", reverse.confirmed)
        .end_object();
}

void write_exchanger(JsonWriter& json, const ExchangerFacts& exchanger) {
    json.begin_object()
        .member("host", exchanger.host)
        .member("preference", exchanger.preference)
        .member_if_set("aliases", exchanger.v4.aliases)
        .key("addresses")
        .begin_array();
    for (const ReverseName& reverse : exchanger.addresses)
        write_reverse(json, reverse);
    json.end_array().key("dane");
    write_dane(json, exchanger.dane);
    json.end_object();
}

void write_bimi_files(JsonWriter& json, const BimiFacts& facts) {
    if (!facts.location.empty()) {
        json.key("picture");
        write_record(json, facts.picture);
    }
    if (facts.authority.empty()) return;
    json.key("certificate");
    write_record(json, facts.certificate);
    json.member_if_set("certificate_names", facts.certificate_names)
        .member_if_set("mark_type", facts.mark_type)
        .member("issuer_verified", false);
    if (facts.certificate_ends != 0) json.member("certificate_ends", rfc3339(facts.certificate_ends));
}

}  // namespace

void write_dane(JsonWriter& json, const DaneFacts& facts) {
    json.begin_object()
        .member("base", facts.base)
        .member("port", facts.port)
        .member("outcome", maildoctor::word(facts.outcome))
        .member("dnssec", word(facts.dnssec))
        .key("records")
        .begin_array();
    for (const DaneRecord& record : facts.records) {
        json.begin_object()
            .member("usage", record.record.usage)
            .member("selector", record.record.selector)
            .member("matching", record.record.matching)
            .member("data", record.record.data)
            .member("usable", record.usable)
            .member_if_set("fault", record.fault);
        if (record.matches) json.member("matches", *record.matches);
        json.end_object();
    }
    json.end_array()
        .member_if_set("detail", facts.detail)
        .member_if_set("better", facts.better)
        .member_if_set("because", facts.because)
        .end_object();
}

void write_mta_sts(JsonWriter& json, const MtaStsFacts& facts) {
    json.begin_object().key("record");
    write_record(json, facts.record);
    json.key("file");
    write_record(json, facts.file);
    json.member_if_set("id", facts.id).member_if_set("mode", facts.mode).member_if_set("mx", facts.mx);
    if (!facts.mode.empty()) json.member("max_age", facts.max_age);
    if (facts.status != 0) json.member("status", facts.status);
    json.member_if_set("missing", facts.missing).end_object();
}

void write_policy(JsonWriter& json, const PolicyFacts& facts) {
    json.begin_object()
        .member("null_mx", facts.null_mx)
        .member("dnssec", word(facts.dnssec))
        .key("exchangers")
        .begin_array();
    for (const ExchangerFacts& exchanger : facts.exchangers)
        write_exchanger(json, exchanger);
    json.end_array().key("spf");
    write_spf(json, facts.spf);
    json.key("dkim").begin_array();
    for (const DkimFacts& key : facts.dkim)
        write_dkim(json, key);
    json.end_array().key("dmarc");
    write_dmarc(json, facts.dmarc);
    json.key("mta_sts");
    write_mta_sts(json, facts.mta_sts);
    json.key("tls_rpt").begin_object().key("record");
    write_record(json, facts.tls_rpt.record);
    json.member_if_set("rua", facts.tls_rpt.rua).end_object();
    json.key("bimi").begin_object().member("selector", facts.bimi.selector).key("record");
    write_record(json, facts.bimi.record);
    json.member_if_set("location", facts.bimi.location).member_if_set("authority", facts.bimi.authority);
    write_bimi_files(json, facts.bimi);
    json.end_object().end_object();
}

}  // namespace maildoctor::report
