#include "core/report/facts_json.h"

#include "core/model/record_name.h"
#include "core/report/facts_words.h"
#include "core/report/policy_json.h"
#include "core/report/survey_json.h"
#include "core/report/times.h"

namespace maildoctor::report {
namespace {

void write_failure(JsonWriter& json, const Failure& failure) {
    json.begin_object()
        .member("stage", maildoctor::word(failure.stage))
        .member("kind", maildoctor::word(failure.kind));
    if (failure.native_code != 0) json.member("code", failure.native_code);
    json.member_if_set("text", failure.text).end_object();
}

void write_addresses(JsonWriter& json, std::string_view name, const std::vector<IpAddress>& addresses) {
    if (addresses.empty()) return;
    json.key(name).begin_array();
    for (const IpAddress& address : addresses)
        json.text(address.text());
    json.end_array();
}

void write_dns_records(JsonWriter& json, const DnsFacts& dns) {
    write_addresses(json, "addresses", dns.addresses);
    json.member_if_set("aliases", dns.aliases)
        .member_if_set("names", dns.names)
        .member_if_set("texts", dns.texts);
    if (!dns.mx.empty()) {
        json.key("mx").begin_array();
        for (const MxRecord& mx : dns.mx)
            json.begin_object()
                .member("preference", mx.preference)
                .member("exchange", mx.exchange)
                .end_object();
        json.end_array();
    }
    if (!dns.srv.empty()) {
        json.key("srv").begin_array();
        for (const SrvRecord& srv : dns.srv)
            json.begin_object()
                .member("priority", srv.priority)
                .member("weight", srv.weight)
                .member("port", srv.port)
                .member("target", srv.target)
                .end_object();
        json.end_array();
    }
    if (!dns.tlsa.empty()) {
        json.key("tlsa").begin_array();
        for (const TlsaRecord& tlsa : dns.tlsa)
            json.begin_object()
                .member("usage", tlsa.usage)
                .member("selector", tlsa.selector)
                .member("matching", tlsa.matching)
                .member("data", tlsa.data)
                .end_object();
        json.end_array();
    }
    if (dns.soa)
        json.key("soa")
            .begin_object()
            .member("primary", dns.soa->primary)
            .member("mailbox", dns.soa->mailbox)
            .member("serial", dns.soa->serial)
            .member("minimum", dns.soa->minimum)
            .end_object();
}

void write_dns(JsonWriter& json, const DnsFacts& dns) {
    json.begin_object()
        .member("name", dns.name)
        .member("type", record_name(dns.type))
        .member("status", word(dns.status));
    if (dns.rcode >= 0) json.member("rcode", dns.rcode);
    if (!dns.extended_errors.empty()) {
        json.key("extended_errors").begin_array();
        for (const ExtendedError& error : dns.extended_errors)
            json.begin_object().member("code", error.code).member_if_set("text", error.text).end_object();
        json.end_array();
    }
    write_dns_records(json, dns);
    if (dns.status == DnsStatus::found) json.member("ttl", dns.ttl);
    json.member("dnssec", word(dns.dnssec)).member_if_set("dnssec_link", dns.dnssec_link);
    if (dns.from_hosts_file) json.member("from_hosts_file", true);
    json.member_if_set("server", dns.server).member_if_set("detail", dns.detail).end_object();
}

void write_connects(JsonWriter& json, const std::vector<ConnectAttempt>& attempts) {
    json.begin_array();
    for (const ConnectAttempt& attempt : attempts) {
        json.begin_object().member("address", attempt.address.text()).member("connected", !attempt.failure);
        if (attempt.failure) {
            json.key("failure");
            write_failure(json, *attempt.failure);
        }
        json.member("started_us", attempt.started.count())
            .member("took_us", attempt.took.count())
            .member("used", attempt.used)
            .end_object();
    }
    json.end_array();
}

void write_certificate(JsonWriter& json, const CertificateFacts& certificate) {
    json.begin_object()
        .member("subject", certificate.subject)
        .member("issuer", certificate.issuer)
        .member_if_set("dns_names", certificate.dns_names)
        .member_if_set("ip_names", certificate.ip_names)
        .member("not_before", rfc3339(certificate.not_before))
        .member("not_after", rfc3339(certificate.not_after))
        .member_if_set("key", certificate.key)
        .member_if_set("signature", certificate.signature)
        .member("self_signed", certificate.self_signed)
        .member("is_ca", certificate.is_ca)
        .member_if_set("sha256", certificate.sha256)
        .member_if_set("spki_sha256", certificate.spki_sha256)
        .member_if_set("serial", certificate.serial);
    if (certificate.must_staple) json.member("must_staple", true);
    if (certificate.scts > 0) json.member("scts", certificate.scts);
    json.end_object();
}

void write_tls(JsonWriter& json, const TlsFacts& tls) {
    json.begin_object()
        .member("completed", tls.completed)
        .member_if_set("version", tls.version)
        .member_if_set("cipher", tls.cipher)
        .member_if_set("group", tls.group)
        .member_if_set("alpn", tls.alpn)
        .member_if_set("server_name", tls.server_name);
    if (tls.alert) json.member("alert", *tls.alert);
    json.member("verified", tls.verified).key("faults").begin_array();
    for (const ChainFault fault : tls.faults)
        json.text(word(fault));
    json.end_array().key("verify_errors").begin_array();
    for (const VerifyError& error : tls.verify_errors)
        json.begin_object()
            .member("code", error.code)
            .member("depth", error.depth)
            .member("text", error.text)
            .end_object();
    json.end_array().key("chain").begin_array();
    for (const CertificateFacts& certificate : tls.chain)
        write_certificate(json, certificate);
    json.end_array()
        .member("staple", word(tls.staple))
        .member("revocation", word(tls.revocation))
        .member_if_set("revocation_source", tls.revocation_source)
        .member_if_set("revocation_because", tls.revocation_because)
        .member("chain_in_order", tls.chain_in_order)
        .member("root_sent", tls.root_sent)
        .member("scts", tls.scts)
        .member("weak", tls.weak)
        .member_if_set("weak_reason", tls.weak_reason)
        .member_if_set("error", tls.error)
        .member_if_set("peer_text", tls.peer_text)
        .end_object();
}

void write_limits(JsonWriter& json, const StatedLimits& limits) {
    json.begin_object();
    const auto member = [&json](const char* name, const std::optional<std::uint64_t>& value) {
        if (value) json.member(name, *value);
    };
    member("message_size", limits.message_size);
    member("recipients", limits.recipients);
    member("messages", limits.messages);
    member("login_delay", limits.login_delay);
    member("keep_days", limits.keep_days);
    member("upload_size", limits.upload_size);
    json.end_object();
}

void write_mail(JsonWriter& json, const MailFacts& mail) {
    json.begin_object().member("service", word(mail.service)).member_if_set("greeting", mail.greeting);
    if (mail.greeting_code != 0) json.member("greeting_code", mail.greeting_code);
    json.member("greeting_ok", mail.greeting_ok)
        .member("capabilities_known", mail.capabilities_known)
        .member_if_set("capabilities_before", mail.capabilities_before)
        .member_if_set("capabilities_after", mail.capabilities_after);
    if (mail.helo_fallback) json.member("helo_fallback", true);
    json.member_if_set("refusal", mail.refusal);
    if (mail.refusal_code != 0) json.member("refusal_code", mail.refusal_code);
    json.member("starttls_offered", mail.starttls_offered)
        .member("starttls_accepted", mail.starttls_accepted)
        .member_if_set("injected", mail.injected)
        .member_if_set("auth_mechanisms", mail.auth_mechanisms)
        .member_if_set("auth_mechanisms_plain", mail.auth_mechanisms_plain)
        .member("login_disabled", mail.login_disabled);
    if (mail.limits != StatedLimits{}) {
        json.key("limits");
        write_limits(json, mail.limits);
    }
    json.end_object();
}

void write_login(JsonWriter& json, const LoginFacts& login) {
    json.begin_object()
        .member("user", login.user)
        .member("outcome", word(login.outcome))
        .member_if_set("mechanism", login.mechanism)
        .member_if_set("offered", login.offered)
        .member_if_set("refusal", login.refusal);
    if (login.refusal_code != 0) json.member("refusal_code", login.refusal_code);
    json.member_if_set("response_code", login.response_code)
        .member_if_set("notices", login.notices)
        .member("secret_sent", login.secret_sent)
        .member("unprotected", login.unprotected);
    if (!login.after_command.empty())
        json.key("after")
            .begin_object()
            .member("command", login.after_command)
            .member("works", login.after_works)
            .member_if_set("refusal", login.after_refusal)
            .end_object();
    const auto trial = [&json](const char* name, const std::optional<AddressTrial>& seen) {
        if (!seen) return;
        json.key(name)
            .begin_object()
            .member("address", seen->address)
            .member("accepted", seen->accepted())
            .member("code", seen->code)
            .member_if_set("reply", seen->reply)
            .end_object();
    };
    trial("other_sender", login.other_sender);
    trial("foreign_recipient", login.foreign_recipient);
    if (login.pause) json.member("pause_s", static_cast<std::int64_t>(login.pause->count()));
    if (login.messages) json.member("messages", *login.messages);
    if (login.octets) json.member("octets", *login.octets);
    json.end_object();
}

void write_trial(JsonWriter& json, const RelayTrial& trial) {
    json.begin_object()
        .member("pattern", trial.pattern)
        .member("sender", trial.sender)
        .member("recipient", trial.recipient)
        .member("accepted", trial.accepted())
        .member("mail_code", trial.mail_code)
        .member("recipient_code", trial.recipient_code)
        .member_if_set("reply", trial.reply)
        .end_object();
}

void write_relay(JsonWriter& json, const RelayFacts& relay) {
    json.begin_object().member("grade", word(relay.grade)).member("full", relay.full);
    if (relay.baseline) {
        json.key("baseline");
        write_trial(json, *relay.baseline);
    }
    if (relay.impossible) {
        json.key("impossible");
        write_trial(json, *relay.impossible);
    }
    json.key("trials").begin_array();
    for (const RelayTrial& trial : relay.trials)
        write_trial(json, trial);
    json.end_array();
    if (relay.data_code != 0) json.member("data_code", relay.data_code);
    json.member_if_set("stopped", relay.stopped)
        .member_if_set("network", relay.network)
        .member_if_set("client", relay.client)
        .end_object();
}

void write_send(JsonWriter& json, const SendFacts& send) {
    json.begin_object()
        .member("sender", send.sender)
        .member("recipient", send.recipient)
        .member("message_id", send.message_id)
        .member("accepted", send.accepted)
        .member_if_set("command", send.command);
    if (send.code != 0) json.member("code", send.code);
    json.member_if_set("reply", send.reply).member("waited", send.waited);
    if (send.handed_over != 0) json.member("handed_over", rfc3339(send.handed_over));
    if (send.delay) json.member("delay_ms", static_cast<std::int64_t>(send.delay->count()));
    json.member_if_set("not_seen", send.not_seen).key("path").begin_array();
    for (const Hop& hop : send.path) {
        json.begin_object().member("from", hop.from).member("by", hop.by);
        if (hop.time) json.member("time", rfc3339(*hop.time));
        json.end_object();
    }
    json.end_array().end_object();
}

void write_transcript(JsonWriter& json, const std::vector<TranscriptLine>& lines) {
    json.begin_array();
    for (const TranscriptLine& line : lines) {
        const char* from = line.from == TranscriptLine::From::client   ? "client"
                           : line.from == TranscriptLine::From::server ? "server"
                                                                       : "note";
        json.begin_object()
            .member("from", from)
            .member("at_us", line.at.count())
            .member("text", line.text)
            .end_object();
    }
    json.end_array();
}

}  // namespace

void write_subject(JsonWriter& json, const Subject& subject) {
    json.begin_object();
    if (subject.host) json.member("host", *subject.host);
    if (subject.address) json.member("address", subject.address->text());
    if (subject.port) json.member("port", subject.port->number());
    if (subject.protocol) json.member("protocol", maildoctor::word(*subject.protocol));
    if (subject.security) json.member("security", maildoctor::word(*subject.security));
    if (subject.role) json.member("role", maildoctor::word(*subject.role));
    json.member_if_set("source", subject.source);
    json.end_object();
}

void write_observation(JsonWriter& json, const Observation& seen) {
    json.begin_object().member("id", seen.id).member("probe", seen.probe).key("subject");
    write_subject(json, seen.subject);
    json.member("answer", word(seen.answer));
    if (seen.failure) {
        json.key("failure");
        write_failure(json, *seen.failure);
    }
    json.member("started_ms", seen.started.count()).member("took_ms", seen.took.count());
    if (seen.dns) {
        json.key("dns");
        write_dns(json, *seen.dns);
    }
    if (!seen.connects.empty()) {
        json.key("connects");
        write_connects(json, seen.connects);
    }
    if (seen.tls) {
        json.key("tls");
        write_tls(json, *seen.tls);
    }
    if (seen.mail) {
        json.key("mail");
        write_mail(json, *seen.mail);
    }
    if (seen.login) {
        json.key("login");
        write_login(json, *seen.login);
    }
    if (seen.relay) {
        json.key("relay");
        write_relay(json, *seen.relay);
    }
    if (seen.send) {
        json.key("send");
        write_send(json, *seen.send);
    }
    if (seen.survey) {
        json.key("survey");
        write_survey(json, *seen.survey);
    }
    if (seen.clock)
        json.key("clock")
            .begin_object()
            .member("theirs", rfc3339(seen.clock->theirs))
            .member("ours", rfc3339(seen.clock->ours))
            .member("source", seen.clock->source)
            .end_object();
    if (seen.dane) {
        json.key("dane");
        write_dane(json, *seen.dane);
    }
    if (seen.mta_sts) {
        json.key("mta_sts");
        write_mta_sts(json, *seen.mta_sts);
    }
    if (!seen.transcript.empty()) {
        json.key("transcript");
        write_transcript(json, seen.transcript);
    }
    json.end_object();
}

}  // namespace maildoctor::report
