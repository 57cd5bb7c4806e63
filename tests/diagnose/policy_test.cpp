// Published policy: what is an error, what a warning, and what is nobody's business.
#include <algorithm>
#include <catch2/catch.hpp>

#include "core/diagnose/mail_policy.h"
#include "core/model/server_url.h"
#include "tests/support/observations.h"

using namespace maildoctor;
using namespace maildoctor::testing;
using diagnose::Draft;
using diagnose::Judgement;
using State = PolicyRecord::State;
using Weight = PolicyFault::Weight;

namespace {

PolicyRecord good(const std::string& text) {
    return {.place = "example.test TXT", .state = State::found, .found = {text}};
}

PolicyRecord faulty(Weight weight, const std::string& kind) {
    PolicyRecord record = good("something");
    record.faults.push_back({.kind = kind, .weight = weight, .text = "it is wrong"});
    record.better = "something better";
    return record;
}

PolicyRecord absent() {
    return {.place = "example.test TXT", .state = State::absent};
}

/// A domain with everything in order.
PolicyFacts whole() {
    PolicyFacts facts{.domain = host("example.test")};
    facts.mx = {.name = "example.test",
                .type = RecordType::mx,
                .status = DnsStatus::found,
                .mx = {{10, "mx.example.test"}}};
    facts.dnssec = Dnssec::secure;
    ExchangerFacts exchanger{.host = "mx.example.test", .preference = 10};
    exchanger.v4 = {.name = "mx.example.test",
                    .type = RecordType::a,
                    .status = DnsStatus::found,
                    .addresses = {*IpAddress::from("192.0.2.25")}};
    exchanger.v6 = {.name = "mx.example.test", .type = RecordType::aaaa, .status = DnsStatus::no_data};
    exchanger.addresses.push_back({.address = *IpAddress::from("192.0.2.25"),
                                   .status = DnsStatus::found,
                                   .names = {"mx.example.test"},
                                   .confirmed = {"mx.example.test"}});
    exchanger.dane.outcome = DaneFacts::Outcome::none;
    facts.exchangers.push_back(exchanger);
    facts.spf.record = good("v=spf1 mx -all");
    facts.dkim.push_back({.record = good("v=DKIM1; …"), .selector = "default"});
    facts.dmarc.record = good("v=DMARC1; p=reject; …");
    facts.mta_sts.record = facts.mta_sts.file = facts.tls_rpt.record = facts.bimi.record = absent();
    return facts;
}

bool says(const Judgement& judgement, Cause cause, Severity severity, std::string_view detail) {
    return std::ranges::any_of(judgement.drafts, [&](const Draft& draft) {
        return draft.cause == cause && draft.severity == severity && draft.detail == detail &&
               !draft.evidence.empty();
    });
}

Observation dane(const std::string& name, int port, Role role, DaneFacts::Outcome outcome) {
    Observation seen{.probe = "policy.dane"};
    seen.subject = {.host = name, .port = Port::from(port), .role = role};
    seen.dane =
        DaneFacts{.host = name, .port = static_cast<std::uint16_t>(port), .base = name, .outcome = outcome};
    seen.dane->records.push_back(
        {.record = {.usage = 3, .selector = 1, .matching = 1, .data = std::string(64, 'a')}});
    return seen;
}

Observation mta_sts(std::string mode, std::vector<std::string> missing) {
    Observation seen{.probe = "policy.mta-sts"};
    seen.subject.host = "example.test";
    seen.mta_sts = MtaStsFacts{.record = good("v=STSv1; id=1"),
                               .file = good("…"),
                               .mode = std::move(mode),
                               .mx = {"old.example.test"},
                               .missing = std::move(missing)};
    return seen;
}

std::vector<Observation> exchangers(std::vector<std::string> names, Dnssec dnssec = Dnssec::secure) {
    auto seen = story(mx("example.test", names));
    for (Observation& one : seen)
        one.dns->dnssec = dnssec;
    for (const std::string& name : names)
        seen.push_back(healthy(name.c_str(), 25, Protocol::smtp, Security::starttls, Role::mx, "mx"));
    return seen;
}

Judgement transport(std::vector<Observation> seen, std::vector<Observation> more) {
    for (Observation& one : more)
        seen.push_back(std::move(one));
    for (std::size_t i = 0; i < seen.size(); ++i)
        seen[i].id = i;
    const diagnose::Picture picture(seen);
    return diagnose::judge_transport(picture, host("example.test"));
}

}  // namespace

TEST_CASE("policy: a domain in order gets no finding", "[diagnose][policy]") {
    const Judgement judgement = diagnose::judge_policy(whole());
    CHECK(judgement.drafts.empty());
    CHECK(judgement.not_tested.empty());
    CHECK(judgement.works);
}

TEST_CASE("policy: how faults of records weigh", "[diagnose][policy.spf-invalid]") {
    PolicyFacts facts = whole();
    facts.spf.record = faulty(Weight::discarded, "multiple");
    facts.dmarc.record = faulty(Weight::weak, "no-effect");
    facts.tls_rpt.record = faulty(Weight::discarded, "no-address");
    const Judgement judgement = diagnose::judge_policy(facts);
    CHECK(says(judgement, Cause::policy_spf_invalid, Severity::error, "multiple"));
    CHECK(says(judgement, Cause::policy_dmarc_invalid, Severity::warning, "no-effect"));
    CHECK(says(judgement, Cause::policy_tls_rpt_invalid, Severity::warning, "no-address"));
    CHECK_FALSE(judgement.works);
    const Draft& spf = judgement.drafts.front();
    CHECK(std::ranges::any_of(
        spf.evidence, [](const Evidence& e) { return e.kind == "better" && e.text == "something better"; }));
}

TEST_CASE("policy: what is missing and what is a choice", "[diagnose][policy]") {
    PolicyFacts facts = whole();
    facts.spf.record = facts.dmarc.record = absent();
    facts.dkim.clear();
    const Judgement judgement = diagnose::judge_policy(facts);
    CHECK(says(judgement, Cause::policy_spf_invalid, Severity::warning, "missing"));
    CHECK(says(judgement, Cause::policy_dmarc_invalid, Severity::warning, "missing"));
    CHECK(judgement.drafts.size() == 2);
    CHECK(judgement.not_tested.size() == 1);
    facts.spf.record = {.place = "example.test TXT", .because = "no name server answered"};
    CHECK(diagnose::judge_policy(facts).not_tested.size() == 2);
}

TEST_CASE("policy: DKIM keys that nobody named weigh less", "[diagnose][policy.dkim-invalid]") {
    PolicyFacts facts = whole();
    facts.dkim = {{.record = faulty(Weight::discarded, "bad-key"), .selector = "old"}};
    CHECK(says(diagnose::judge_policy(facts), Cause::policy_dkim_invalid, Severity::warning, "bad-key"));
    facts.dkim[0].given = true;
    CHECK(says(diagnose::judge_policy(facts), Cause::policy_dkim_invalid, Severity::error, "bad-key"));
    facts.dkim[0] = {.record = absent(), .selector = "lost", .given = true};
    CHECK(says(diagnose::judge_policy(facts), Cause::policy_dkim_invalid, Severity::error, "missing"));
    facts.dkim[0] = {.record = faulty(Weight::discarded, "revoked"), .selector = "old", .revoked = true};
    CHECK(diagnose::judge_policy(facts).drafts.empty());
}

TEST_CASE("policy: exchangers and their names", "[diagnose][dns.mx-invalid][smtp.rdns-missing]") {
    PolicyFacts facts = whole();
    facts.exchangers[0].v4.aliases = {"real.example.test"};
    facts.exchangers[0].addresses[0].confirmed.clear();
    const Judgement judgement = diagnose::judge_policy(facts);
    CHECK(says(judgement, Cause::dns_mx_invalid, Severity::warning, "mx-is-cname"));
    CHECK(says(judgement, Cause::smtp_rdns_missing, Severity::warning, "not-confirmed"));
    facts.exchangers[0].addresses[0] = {.address = *IpAddress::from("192.0.2.25"),
                                        .status = DnsStatus::no_answer};
    facts.exchangers[0].v4.aliases.clear();
    CHECK(diagnose::judge_policy(facts).drafts.empty());
    facts.exchangers[0].addresses[0].status = DnsStatus::no_such_name;
    CHECK(says(diagnose::judge_policy(facts), Cause::smtp_rdns_missing, Severity::warning, "no-ptr"));
}

TEST_CASE("policy: DANE of exchangers", "[diagnose][tls.policy-mismatch]") {
    PolicyFacts facts = whole();
    facts.exchangers[0].dane = *dane("mx.example.test", 25, Role::mx, DaneFacts::Outcome::mismatch).dane;
    CHECK(says(diagnose::judge_policy(facts), Cause::tls_policy_mismatch, Severity::error, "dane"));
    facts.exchangers[0].dane.outcome = DaneFacts::Outcome::insecure;
    CHECK(says(diagnose::judge_policy(facts), Cause::tls_policy_mismatch, Severity::info, "dane-insecure"));
    facts.exchangers[0].dane.outcome = DaneFacts::Outcome::match;
    CHECK(diagnose::judge_policy(facts).drafts.empty());
}

TEST_CASE("transport: DANE bars senders only where no exchanger is left", "[diagnose][tls.policy-mismatch]") {
    const auto wrong = dane("mx.example.test", 25, Role::mx, DaneFacts::Outcome::mismatch);
    CHECK(says(transport(exchangers({"mx.example.test"}), {wrong}), Cause::tls_policy_mismatch,
               Severity::error, "dane"));
    CHECK(says(transport(exchangers({"mx.example.test", "mx2.example.test"}), {wrong}),
               Cause::tls_policy_mismatch, Severity::warning, "dane"));
    CHECK(says(transport(exchangers({"mx.example.test"}, Dnssec::insecure), {wrong}),
               Cause::tls_policy_mismatch, Severity::warning, "dane"));
    for (const auto outcome :
         {DaneFacts::Outcome::match, DaneFacts::Outcome::none, DaneFacts::Outcome::insecure,
          DaneFacts::Outcome::unknown, DaneFacts::Outcome::not_compared})
        CHECK(transport(exchangers({"mx.example.test"}), {dane("mx.example.test", 25, Role::mx, outcome)})
                  .drafts.empty());
}

TEST_CASE("transport: MTA-STS", "[diagnose][tls.policy-mismatch][policy.mta-sts-invalid]") {
    const auto seen = exchangers({"mx.example.test"});
    CHECK(transport(seen, {mta_sts("enforce", {})}).drafts.empty());
    CHECK(says(transport(seen, {mta_sts("enforce", {"mx.example.test"})}), Cause::tls_policy_mismatch,
               Severity::error, "mta-sts"));
    CHECK(says(transport(seen, {mta_sts("testing", {"mx.example.test"})}), Cause::tls_policy_mismatch,
               Severity::warning, "mta-sts"));
    CHECK(transport(seen, {mta_sts("none", {})}).drafts.empty());
    auto distrusted = seen;
    distrusted.back().tls->verified = false;
    CHECK(says(transport(distrusted, {mta_sts("enforce", {})}), Cause::tls_policy_mismatch, Severity::error,
               "mta-sts-certificate"));
    CHECK(transport(distrusted, {}).drafts.empty());
    auto half = mta_sts("", {});
    half.mta_sts->file = {.place = "https://mta-sts.example.test/",
                          .state = State::absent,
                          .faults = {{.kind = "http-status", .weight = Weight::discarded, .text = "404"}}};
    CHECK(
        says(transport(distrusted, {half}), Cause::policy_mta_sts_invalid, Severity::warning, "http-status"));
}

TEST_CASE("transport: TLSA of a typed server is only a warning", "[diagnose][tls.policy-mismatch]") {
    const ServerSetting typed = *parse_server_url("imap://imap.example.test:993?security=tls");
    const std::vector<Observation> seen{
        dane("imap.example.test", 993, Role::incoming, DaneFacts::Outcome::mismatch)};
    const diagnose::Picture picture(seen);
    const Judgement judgement = diagnose::judge_server_dane(picture, typed);
    CHECK(says(judgement, Cause::tls_policy_mismatch, Severity::warning, "dane"));
}
