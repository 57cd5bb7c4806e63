#include "core/diagnose/isp_policy.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "core/model/dialog.h"

using namespace maildoctor;
using State = PolicyRecord::State;

namespace {

PolicyRecord published(std::string place = "example.test TXT") {
    return {.place = std::move(place), .state = State::found, .found = {"…"}};
}

PolicyRecord broken() {
    PolicyRecord record = published();
    record.faults.push_back(
        {.kind = "multiple", .weight = PolicyFault::Weight::discarded, .text = "two of them"});
    return record;
}

/// One IMAP server over TLS 1.3, and a mail side with everything.
Validation healthy() {
    const ServerSetting imap{.protocol = Protocol::imap,
                             .host = *HostName::from("imap.example.test"),
                             .port = *Port::from(993),
                             .security = Security::tls,
                             .source = "srv"};
    Validation seen;
    seen.servers.push_back({.setting = imap, .sources = {"srv"}, .works = true});
    Observation dialog{.probe = std::string(dialog_probe)};
    dialog.subject = {.host = "imap.example.test",
                      .address = IpAddress::v4({192, 0, 2, 1}),
                      .port = imap.port,
                      .protocol = Protocol::imap,
                      .security = Security::tls,
                      .role = Role::incoming};
    dialog.source = "srv";
    dialog.answer = Answer::yes;
    dialog.connects.push_back({.address = IpAddress::v4({192, 0, 2, 1}), .used = true});
    dialog.tls = TlsFacts{.completed = true, .version = "TLSv1.3", .verified = true};
    dialog.mail = MailFacts{.greeting = "* OK", .greeting_ok = true, .capabilities_known = true};
    seen.report.observations.push_back(dialog);
    Observation versions{.probe = std::string(versions_probe)};
    versions.subject = dialog.subject;
    versions.survey = TlsSurvey{.versions = {{.version = TlsVersion::ssl3, .offered = Answer::no},
                                             {.version = TlsVersion::tls1_0, .offered = Answer::no},
                                             {.version = TlsVersion::tls1_1, .offered = Answer::no}}};
    seen.report.observations.push_back(versions);
    PolicyFacts mail{.domain = *HostName::from("example.test")};
    mail.mx.status = DnsStatus::found;
    mail.mx.dnssec = Dnssec::secure;
    ExchangerFacts mx{.host = "mx.example.test"};
    mx.v4.addresses = {IpAddress::v4({192, 0, 2, 2})};
    mx.v4.dnssec = Dnssec::secure;
    mx.addresses.push_back({.address = IpAddress::v4({192, 0, 2, 2}),
                            .status = DnsStatus::found,
                            .names = {"mx.example.test"},
                            .confirmed = {"mx.example.test"}});
    mx.dane.outcome = DaneFacts::Outcome::match;
    mail.exchangers.push_back(std::move(mx));
    mail.spf.record = mail.dmarc.record = mail.tls_rpt.record = published();
    mail.spf.all = "~all";
    mail.dmarc.policy = "quarantine";
    mail.dmarc.rua = {"mailto:dmarc@example.test"};
    mail.mta_sts.record = mail.mta_sts.file = published();
    mail.mta_sts.mode = "testing";
    mail.bimi.record = mail.bimi.picture = published();
    mail.dkim.push_back({.record = published(), .selector = "spring"});
    seen.mail = std::move(mail);
    return seen;
}

IspDemand flag(IspRule rule, bool wanted = true) {
    return {.rule = rule, .flag = wanted};
}
IspDemand word(IspRule rule, int place) {
    return {.rule = rule, .number = place};
}
IspDemand texts(IspRule rule, std::vector<std::string> wanted) {
    return {.rule = rule, .texts = std::move(wanted)};
}

Answer met(const IspDemand& demand, const Validation& seen) {
    const auto lines = diagnose::judge_isp_policy({.demands = {demand}}, seen);
    REQUIRE(lines.size() == 1);
    CHECK((lines.front().met == Answer::yes || !lines.front().because.empty()));
    return lines.front().met;
}

template <class Change>
Answer met_after(const IspDemand& demand, Change change) {
    Validation seen = healthy();
    change(seen);
    return met(demand, seen);
}

}  // namespace

TEST_CASE("policy: a minimum version holds for what is offered, not for what is settled on", "[diagnose]") {
    const IspDemand minimum{.rule = IspRule::tls_minimum, .number = 2};
    CHECK(met(minimum, healthy()) == Answer::yes);
    const auto older = [](Answer offered) {
        return [offered](Validation& seen) {
            seen.report.observations.back().survey->versions[1].offered = offered;
        };
    };
    CHECK(met_after(minimum, older(Answer::yes)) == Answer::no);
    CHECK(met_after(minimum, older(Answer::unknown)) == Answer::unknown);
    CHECK(met_after(minimum, [](Validation& seen) { seen.report.observations.pop_back(); }) ==
          Answer::unknown);
    CHECK(met_after(minimum, [](Validation& seen) {
              seen.report.observations.front().tls->version = "TLSv1";
          }) == Answer::no);
    // Another machine of the name decides as well.
    CHECK(met_after(minimum, [](Validation& seen) {
              Observation other = seen.report.observations.back();
              other.subject.address = IpAddress::v4({192, 0, 2, 9});
              other.survey->versions[2].offered = Answer::yes;
              seen.report.observations.push_back(std::move(other));
          }) == Answer::no);
    CHECK(met_after({.rule = IspRule::tls_minimum, .number = 3}, [](Validation&) {}) == Answer::unknown);
}

TEST_CASE("policy: a protocol is off when nothing answers, whoever names it", "[diagnose]") {
    CHECK(met(flag(IspRule::pop3, false), healthy()) == Answer::yes);
    CHECK(met(flag(IspRule::imap, false), healthy()) == Answer::no);
    const auto pop3 = [](bool greets) {
        return [greets](Validation& seen) {
            Observation dialog = seen.report.observations.front();
            dialog.subject.protocol = Protocol::pop3;
            dialog.subject.port = *Port::from(995);
            if (!greets) {
                dialog.mail.reset();
                dialog.tls.reset();
                dialog.failure = Failure{.stage = Stage::connect, .kind = FailureKind::refused};
            }
            seen.report.observations.push_back(std::move(dialog));
        };
    };
    CHECK(met_after(flag(IspRule::pop3, false), pop3(true)) == Answer::no);
    CHECK(met_after(flag(IspRule::pop3, false), pop3(false)) == Answer::yes);
    CHECK(met_after(flag(IspRule::pop3), pop3(true)) == Answer::no);
}

TEST_CASE("policy: the mail side", "[diagnose][policy]") {
    const Validation good = healthy();
    for (const IspDemand& demand :
         {flag(IspRule::spf), word(IspRule::spf_all, 0), texts(IspRule::dkim, {"Spring"}),
          word(IspRule::dmarc, 1), flag(IspRule::dmarc_reports), word(IspRule::mta_sts, 0),
          flag(IspRule::dane), flag(IspRule::tls_rpt), flag(IspRule::bimi), flag(IspRule::mx_dnssec),
          texts(IspRule::mx_hosts, {"*.example.test"}), flag(IspRule::reverse_names)}) {
        CAPTURE(static_cast<int>(demand.rule));
        CHECK(met(demand, good) == Answer::yes);
        CHECK(met_after(demand, [](Validation& seen) { seen.mail.reset(); }) == Answer::unknown);
    }
    CHECK(met(word(IspRule::spf_all, 1), good) == Answer::no);
    CHECK(met(word(IspRule::dmarc, 2), good) == Answer::no);
    CHECK(met(word(IspRule::mta_sts, 1), good) == Answer::no);
    CHECK(met(texts(IspRule::mx_hosts, {"example.test"}), good) == Answer::no);
    CHECK(met(texts(IspRule::dkim, {"spring", "summer"}), good) == Answer::no);
    CHECK(met(flag(IspRule::spf, false), good) == Answer::no);
}

TEST_CASE("policy: what is wrong with the mail side", "[diagnose][policy]") {
    const auto after = [](const IspDemand& demand, auto change) {
        return met_after(demand, [&](Validation& seen) { change(*seen.mail); });
    };
    CHECK(after(flag(IspRule::spf), [](PolicyFacts& mail) { mail.spf.record = broken(); }) == Answer::no);
    CHECK(after(flag(IspRule::spf), [](PolicyFacts& mail) { mail.spf.record = {}; }) == Answer::unknown);
    CHECK(after(flag(IspRule::spf, false),
                [](PolicyFacts& mail) { mail.spf.record = {.state = State::absent}; }) == Answer::yes);
    CHECK(after(word(IspRule::spf_all, 0), [](PolicyFacts& mail) { mail.spf.all = "?all"; }) == Answer::no);
    CHECK(after(word(IspRule::spf_all, 0), [](PolicyFacts& mail) { mail.spf.all.clear(); }) == Answer::no);
    CHECK(after(texts(IspRule::dkim, {"spring"}),
                [](PolicyFacts& mail) { mail.dkim.front().revoked = true; }) == Answer::no);
    CHECK(after(flag(IspRule::dmarc_reports), [](PolicyFacts& mail) { mail.dmarc.rua.clear(); }) ==
          Answer::no);
    CHECK(after(word(IspRule::mta_sts, 0),
                [](PolicyFacts& mail) { mail.mta_sts.missing = {"mx.example.test"}; }) == Answer::no);
    CHECK(after(word(IspRule::mta_sts, 0), [](PolicyFacts& mail) { mail.mta_sts.file = {}; }) ==
          Answer::unknown);
    const auto dane = [&](DaneFacts::Outcome outcome) {
        return after(flag(IspRule::dane),
                     [&](PolicyFacts& mail) { mail.exchangers.front().dane.outcome = outcome; });
    };
    using enum DaneFacts::Outcome;
    for (const auto outcome : {none, insecure, unusable, mismatch})
        CHECK(dane(outcome) == Answer::no);
    for (const auto outcome : {DaneFacts::Outcome::unknown, not_compared})
        CHECK(dane(outcome) == Answer::unknown);
    CHECK(after(flag(IspRule::bimi), [](PolicyFacts& mail) { mail.bimi.picture = broken(); }) == Answer::no);
    CHECK(after(flag(IspRule::bimi), [](PolicyFacts& mail) {
              mail.bimi.authority = "https://example.test/a.pem";
              mail.bimi.certificate = broken();
          }) == Answer::no);
    CHECK(after(flag(IspRule::mx_dnssec), [](PolicyFacts& mail) { mail.mx.dnssec = Dnssec::insecure; }) ==
          Answer::no);
    CHECK(after(flag(IspRule::mx_dnssec), [](PolicyFacts& mail) {
              mail.exchangers.front().v4.dnssec = Dnssec::not_checked;
          }) == Answer::unknown);
    CHECK(after(flag(IspRule::reverse_names), [](PolicyFacts& mail) {
              mail.exchangers.front().addresses.front().confirmed.clear();
          }) == Answer::no);
    CHECK(after(flag(IspRule::dane), [](PolicyFacts& mail) { mail.mx.status = DnsStatus::server_failure; }) ==
          Answer::unknown);
    CHECK(after(flag(IspRule::dane), [](PolicyFacts& mail) { mail.exchangers.clear(); }) == Answer::yes);
}
