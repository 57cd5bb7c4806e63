// What a closer look at a server's TLS means.
#include <algorithm>
#include <catch2/catch.hpp>

#include "core/diagnose/clock.h"
#include "core/diagnose/diagnose.h"
#include "core/diagnose/survey.h"
#include "core/model/server_url.h"
#include "tests/support/observations.h"

using namespace maildoctor;
using namespace maildoctor::testing;
using diagnose::Case;
using diagnose::Diagnosis;

namespace {

const char* const name = "mail.example.test";
constexpr std::int64_t now = 1'800'000'000;

Diagnosis judge(std::vector<Observation> seen, std::string program = {}) {
    Request request{.program = std::move(program), .only_typed = true};
    request.incoming = *parse_server_url("imap://mail.example.test:993?security=tls");
    return diagnose::diagnose(Case{.request = request, .observations = std::move(seen), .now = now},
                              knowledge::built_in());
}

Observation surveyed(TlsSurvey survey, Protocol protocol = Protocol::imap) {
    Observation seen = healthy(name, 993, protocol, Security::tls, Role::incoming);
    seen.probe = std::string(survey_probe);
    seen.survey = std::move(survey);
    return seen;
}

std::vector<Observation> with(TlsSurvey survey, Protocol protocol = Protocol::imap) {
    return story(addresses(name, {"192.0.2.7"}, "typed"),
                 healthy(name, 993, Protocol::imap, Security::tls, Role::incoming),
                 surveyed(std::move(survey), protocol));
}

VersionSeen offered(TlsVersion version, std::vector<CipherSeen> ciphers) {
    return {.version = version, .offered = Answer::yes, .ciphers = std::move(ciphers)};
}

const CipherSeen modern{0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", CipherStrength::good};

const Finding* find(const Diagnosis& d, Cause cause) {
    const auto found = std::ranges::find(d.findings, cause, &Finding::cause);
    return found == d.findings.end() ? nullptr : &*found;
}

bool mentions(const Finding& finding, std::string_view words) {
    return std::ranges::any_of(finding.evidence, [&](const Evidence& e) { return e.text.contains(words); });
}

}  // namespace

TEST_CASE("tls survey: a modern server has no findings", "[diagnose][tls]") {
    const Diagnosis d =
        judge(with({.versions = {offered(TlsVersion::tls1_3, {}), offered(TlsVersion::tls1_2, {modern})},
                    .dh_bits = 2048,
                    .compression = Answer::no,
                    .secure_renegotiation = Answer::yes}));
    CHECK(d.verdict == Verdict::ok);
    CHECK(d.findings.empty());
}

TEST_CASE("tls survey: what is kept for old programs is one warning", "[diagnose][tls.weak]") {
    TlsSurvey survey{
        .versions = {offered(TlsVersion::tls1_2, {modern}),
                     offered(TlsVersion::tls1_0,
                             {{0x0005, "TLS_RSA_WITH_RC4_128_SHA", CipherStrength::weak},
                              {0x0003, "TLS_RSA_EXPORT_WITH_RC4_40_MD5", CipherStrength::broken}})},
        .dh_bits = 1024,
        .compression = Answer::yes,
        .secure_renegotiation = Answer::no};
    const Diagnosis d = judge(with(survey));
    CHECK(d.verdict == Verdict::ok);
    REQUIRE(d.findings.size() == 1);
    const Finding& weak = d.findings.front();
    CHECK(weak.cause == Cause::tls_weak);
    CHECK(weak.severity == Severity::warning);
    for (const char* const words : {"TLS 1.0 is offered beside TLS 1.2", "TLS_RSA_WITH_RC4_128_SHA",
                                    "TLS_RSA_EXPORT_WITH_RC4_40_MD5", "1024 bits", "compression", "RFC 5746"})
        CHECK(mentions(weak, words));
}

TEST_CASE("tls survey: anonymous suites are usual on SMTP servers", "[diagnose][tls.weak]") {
    const CipherSeen anonymous{0x006d, "TLS_DH_anon_WITH_AES_256_CBC_SHA256", CipherStrength::broken};
    const TlsSurvey survey{.versions = {offered(TlsVersion::tls1_2, {modern, anonymous})}};
    CHECK(judge(with(survey, Protocol::smtp)).findings.empty());
    CHECK(judge(with(survey, Protocol::imap)).findings.size() == 1);
}

TEST_CASE("tls survey: the program in question can't connect", "[diagnose][client.too-old]") {
    const TlsSurvey survey{.versions = {offered(TlsVersion::tls1_2, {modern})},
                           .clients = {{.id = "outlook-2010-windows-7",
                                        .name = "Outlook 2010 on Windows 7",
                                        .program = "outlook",
                                        .connects = Answer::no,
                                        .best_version = "TLS 1.0",
                                        .obstacle = Obstacle::version}}};
    const std::string words =
        "Outlook 2010 on Windows 7 can't connect here: it offers TLS 1.0 only, the server wants TLS 1.2 or "
        "newer";
    CHECK(diagnose::trial_words(survey.clients.front(), survey) == words);
    CHECK(judge(with(survey)).findings.empty());
    CHECK(judge(with(survey), "thunderbird").findings.empty());
    for (const char* const program : {"outlook", "outlook-2010"}) {
        const Diagnosis d = judge(with(survey), program);
        const Finding* old = find(d, Cause::client_too_old);
        REQUIRE(old);
        CHECK(old->severity == Severity::warning);
        CHECK(mentions(*old, words));
    }
}

TEST_CASE("tls survey: what a server that had enough was not asked is named", "[diagnose][tls]") {
    const Diagnosis d = judge(
        with({.versions = {offered(TlsVersion::tls1_2, {modern})}, .stopped = "421 too many connections"}));
    CHECK(d.verdict == Verdict::ok);
    REQUIRE_FALSE(d.not_tested.empty());
    CHECK(d.not_tested.front().because == "421 too many connections");
}

TEST_CASE("revocation: a revoked certificate is a problem, an answer that did not come is none",
          "[diagnose][tls.revoked]") {
    Observation dialog = healthy(name, 993, Protocol::imap, Security::tls, Role::incoming);
    SECTION("revoked") {
        dialog.tls->faults = {ChainFault::revoked};
        dialog.tls->verified = false;
        const Diagnosis d = judge(story(addresses(name, {"192.0.2.7"}, "typed"), dialog));
        CHECK(d.verdict == Verdict::problem);
        REQUIRE(find(d, Cause::tls_revoked));
        CHECK(find(d, Cause::tls_revoked)->primary);
    }
    SECTION("no answer") {
        dialog.tls->revocation = Revocation::unknown;
        dialog.tls->revocation_because = "ocsp.example.test: no answer within the time limit";
        const Diagnosis d = judge(story(addresses(name, {"192.0.2.7"}, "typed"), dialog));
        CHECK(d.verdict == Verdict::ok);
        REQUIRE(d.not_tested.size() == 1);
        CHECK(d.not_tested.front().what == "whether the certificate of mail.example.test was revoked");
    }
}

namespace {

Observation dated(ChainFault fault, std::int64_t from, std::int64_t to) {
    Observation dialog = healthy(name, 993, Protocol::imap, Security::tls, Role::incoming);
    dialog.tls->faults = {fault};
    dialog.tls->verified = false;
    dialog.tls->chain.front().not_before = from;
    dialog.tls->chain.front().not_after = to;
    return dialog;
}

Observation clock_of(const std::string& server, std::int64_t theirs) {
    Observation seen{.probe = std::string(clock_probe)};
    seen.subject.host = server;
    seen.answer = Answer::yes;
    seen.clock = ClockFacts{.theirs = theirs, .ours = now, .source = "web server of " + server};
    return seen;
}

constexpr std::int64_t day = 86400;

}  // namespace

TEST_CASE("clock: certificates that are valid at the servers' time are no fault",
          "[diagnose][client.clock-wrong]") {
    const Observation expired = dated(ChainFault::expired, now - 400 * day, now - 300 * day);
    const auto seen = [&](std::vector<Observation> clocks) {
        return judge(story(addresses(name, {"192.0.2.7"}, "typed"), expired, std::move(clocks)));
    };
    SECTION("one server says another time") {
        const Diagnosis d = seen({clock_of(name, now - 350 * day)});
        REQUIRE(find(d, Cause::client_clock_wrong));
        const Finding& clock = *find(d, Cause::client_clock_wrong);
        CHECK(clock.primary);
        CHECK(clock.confidence == Confidence::likely);
        CHECK(clock.title == "The clock of this computer is 350 days fast");
        CHECK_FALSE(find(d, Cause::tls_certificate_expired));
    }
    SECTION("two servers agree") {
        const Diagnosis d =
            seen({clock_of(name, now - 350 * day), clock_of("example.test", now - 350 * day + 5)});
        REQUIRE(find(d, Cause::client_clock_wrong));
        CHECK(find(d, Cause::client_clock_wrong)->confidence == Confidence::certain);
    }
    SECTION("the servers disagree: nobody is believed") {
        const Diagnosis d = seen({clock_of(name, now - 350 * day), clock_of("example.test", now)});
        CHECK_FALSE(find(d, Cause::client_clock_wrong));
        CHECK(find(d, Cause::tls_certificate_expired));
    }
    SECTION("the clock is right: the certificate is expired") {
        const Diagnosis d = seen({clock_of(name, now + 2)});
        CHECK_FALSE(find(d, Cause::client_clock_wrong));
        CHECK(find(d, Cause::tls_certificate_expired));
    }
    SECTION("at the servers' time it is expired as well") {
        const Diagnosis d = seen({clock_of(name, now - 100 * day)});
        CHECK_FALSE(find(d, Cause::client_clock_wrong));
        CHECK(find(d, Cause::tls_certificate_expired));
    }
}

TEST_CASE("clock: the time of a greeting counts", "[diagnose][client.clock-wrong]") {
    Observation future = dated(ChainFault::not_yet_valid, now + 10 * day, now + 100 * day);
    future.mail->greeting = "* OK ready at Sat, 13 Feb 2027 08:00:00 +0000";  // 1802505600
    const Diagnosis d = judge(story(addresses(name, {"192.0.2.7"}, "typed"), future));
    REQUIRE(find(d, Cause::client_clock_wrong));
    CHECK(find(d, Cause::client_clock_wrong)->title == "The clock of this computer is 29 days slow");
}

TEST_CASE("clock: signatures of the root zone that look expired", "[diagnose][client.clock-wrong]") {
    Observation bogus = dns(name, RecordType::a, DnsStatus::bogus);
    bogus.dns->dnssec_link = ". DNSKEY: signature expired 2026-12-01";
    const Diagnosis d = judge(story(bogus));
    REQUIRE(find(d, Cause::client_clock_wrong));
    CHECK(find(d, Cause::client_clock_wrong)->primary);
    CHECK_FALSE(find(d, Cause::dns_dnssec_bogus));
}

TEST_CASE("clock: spans in words", "[diagnose]") {
    CHECK(diagnose::span_words(400 * day, "en") == "1 year and 34 days");
    CHECK(diagnose::span_words(-2 * day - 3600, "de") == "2 Tage und 1 Stunde");
    CHECK(diagnose::span_words(7200, "en") == "2 hours");
    CHECK(diagnose::span_words(20, "en") == "less than a minute");
}

TEST_CASE("interception: the issuer gives the product away",
          "[diagnose][client.security-software][net.intercepted]") {
    Observation dialog = healthy(name, 993, Protocol::imap, Security::tls, Role::incoming);
    dialog.tls->verified = false;
    dialog.tls->faults = {ChainFault::untrusted_issuer};
    const auto judged = [&](std::string issuer) {
        dialog.tls->chain.front().issuer = std::move(issuer);
        return judge(story(addresses(name, {"192.0.2.7"}, "typed"), dialog));
    };
    SECTION("an antivirus program") {
        const Diagnosis d = judged("ESET SSL Filter CA");
        REQUIRE(find(d, Cause::client_security_software));
        CHECK(find(d, Cause::client_security_software)->primary);
        CHECK(find(d, Cause::client_security_software)->title.starts_with("ESET takes"));
        CHECK_FALSE(find(d, Cause::tls_untrusted_issuer));
    }
    SECTION("a firewall") {
        const Diagnosis d = judged("Zscaler Intermediate Root CA (zscaler.net)");
        CHECK(find(d, Cause::net_intercepted));
        CHECK_FALSE(find(d, Cause::tls_untrusted_issuer));
    }
    SECTION("trusted on this computer: worth a note") {
        dialog.tls->verified = true;
        dialog.tls->faults.clear();
        const Diagnosis d = judged("avast! Web/Mail Shield Root");
        CHECK(d.verdict == Verdict::ok);
        REQUIRE(find(d, Cause::client_security_software));
        CHECK(find(d, Cause::client_security_software)->severity == Severity::info);
    }
    SECTION("anybody else") {
        CHECK(find(judged("Some Company CA"), Cause::tls_untrusted_issuer));
    }
}

TEST_CASE("interception: a masked banner and a missing offer", "[diagnose][net.intercepted]") {
    Request request{.only_typed = true};
    request.outgoing = *parse_server_url("smtp://mail.example.test:587?security=starttls");
    Observation plain = dialog(name, 587, Protocol::smtp, Security::starttls, Role::outgoing);
    connected_to(plain);
    plain.mail = MailFacts{.service = Service::smtp,
                           .greeting = "220 ready",
                           .greeting_ok = true,
                           .capabilities_before = {"SIZE 10240000", "8BITMIME"},
                           .capabilities_known = true};
    const auto judged = [&](std::vector<Observation> more) {
        return diagnose::diagnose(
            Case{.request = request,
                 .observations = story(addresses(name, {"192.0.2.7"}, "typed"), plain, std::move(more)),
                 .now = now},
            knowledge::built_in());
    };
    SECTION("asterisks and X") {
        plain.mail->greeting = "220 **********************";
        plain.mail->capabilities_before.emplace_back("XXXXXXXA");
        const Diagnosis d = judged({});
        REQUIRE(find(d, Cause::net_intercepted));
        CHECK(find(d, Cause::net_intercepted)->primary);
        CHECK(find(d, Cause::net_intercepted)->confidence == Confidence::certain);
        CHECK_FALSE(find(d, Cause::tls_not_offered));
    }
    SECTION("offered at another port") {
        const Diagnosis d =
            judged({healthy(name, 25, Protocol::smtp, Security::starttls, Role::outgoing, "guess")});
        REQUIRE(find(d, Cause::tls_not_offered));
        CHECK(find(d, Cause::tls_not_offered)->primary);
        REQUIRE(find(d, Cause::net_intercepted));
        CHECK(find(d, Cause::net_intercepted)->confidence == Confidence::possible);
        CHECK(find(d, Cause::net_intercepted)->severity == Severity::info);
    }
    SECTION("offered nowhere") {
        CHECK_FALSE(find(judged({}), Cause::net_intercepted));
    }
}

TEST_CASE("clock: what a server wrote into our own message counts", "[diagnose][client.clock-wrong]") {
    const Observation expired = dated(ChainFault::expired, now - 400 * day, now - 300 * day);
    Observation sent = dialog("smtp.example.test", 587, Protocol::smtp, Security::starttls, Role::outgoing);
    sent.probe = std::string(send_probe);
    sent.send = SendFacts{.accepted = true,
                          .handed_over = now + 3,
                          .path = {{.by = "smtp.example.test", .time = now - 350 * day + 2}}};
    const auto seen = [&] { return judge(story(addresses(name, {"192.0.2.7"}, "typed"), expired, sent)); };
    const Diagnosis d = seen();
    REQUIRE(find(d, Cause::client_clock_wrong));
    CHECK(find(d, Cause::tls_certificate_expired) == nullptr);
    CHECK(mentions(*find(d, Cause::client_clock_wrong), "header of the test message"));
    sent.send->path.front().time.reset();
    CHECK(find(seen(), Cause::client_clock_wrong) == nullptr);
}

TEST_CASE("clock: nobody is told to look at it where another certificate is valid",
          "[diagnose][tls.certificate-expired]") {
    const Observation expired = dated(ChainFault::expired, now - 400 * day, now - 300 * day);
    const Diagnosis alone = judge(story(addresses(name, {"192.0.2.7"}, "typed"), expired));
    REQUIRE(find(alone, Cause::tls_certificate_expired));
    CHECK(find(alone, Cause::tls_certificate_expired)->variant.empty());
    const Diagnosis beside =
        judge(story(addresses(name, {"192.0.2.7"}, "typed"), expired,
                    healthy("smtp.example.test", 465, Protocol::smtp, Security::tls, Role::outgoing)));
    REQUIRE(find(beside, Cause::tls_certificate_expired));
    CHECK(find(beside, Cause::tls_certificate_expired)->variant == "clock-is-right");
    CHECK(find(beside, Cause::tls_certificate_expired)->actor == Actor::operator_);
}

TEST_CASE("tls survey: several old versions are offered, one is", "[diagnose][tls.weak]") {
    const auto words = [](std::vector<VersionSeen> versions) {
        const Diagnosis d = judge(with({.versions = std::move(versions)}));
        REQUIRE(d.findings.size() == 1);
        return d.findings.front().evidence.front().text;
    };
    const VersionSeen newest = offered(TlsVersion::tls1_2, {modern});
    CHECK(words({newest, offered(TlsVersion::tls1_1, {})}).ends_with("TLS 1.1 is offered beside TLS 1.2"));
    CHECK(words({newest, offered(TlsVersion::tls1_1, {}), offered(TlsVersion::tls1_0, {})})
              .ends_with("TLS 1.1 and TLS 1.0 are offered beside TLS 1.2"));
    CHECK(words({newest, offered(TlsVersion::tls1_1, {}), offered(TlsVersion::tls1_0, {}),
                 offered(TlsVersion::ssl3, {})})
              .ends_with("TLS 1.1, TLS 1.0 and SSL 3 are offered beside TLS 1.2"));
}

namespace {

/// The server's port for STARTTLS, which offers none now.
Observation bare(int number = 143) {
    Observation seen = dialog(name, number, Protocol::imap, Security::starttls, Role::incoming);
    connected_to(seen);
    seen.mail = MailFacts{.service = Service::imap,
                          .greeting = "* OK ready",
                          .greeting_ok = true,
                          .capabilities_before = {"IMAP4rev1"},
                          .capabilities_known = true};
    return seen;
}

Diagnosis judge_with_history(const std::vector<Observation>& seen, bool for_someone_else = false,
                             std::string where = name) {
    Request request{.for_someone_else = for_someone_else, .only_typed = true};
    request.incoming = *parse_server_url("imap://mail.example.test:143?security=starttls");
    return diagnose::diagnose(Case{.request = request,
                                   .observations = seen,
                                   .now = now,
                                   .others = {.starttls = {{.host = std::move(where),
                                                            .port = 143,
                                                            .protocol = Protocol::imap,
                                                            .when = now - 86400,
                                                            .where = "run 12"}}}},
                              knowledge::built_in());
}

}  // namespace

TEST_CASE("other runs: STARTTLS that was there and is gone is told with the run that saw it",
          "[diagnose][net.intercepted]") {
    const auto seen = story(addresses(name, {"192.0.2.7"}, "typed"), bare());
    const Diagnosis d = judge_with_history(seen);
    REQUIRE(find(d, Cause::tls_not_offered));
    const Finding* gone = find(d, Cause::net_intercepted);
    REQUIRE(gone);
    CHECK(gone->variant == "stripped-since");
    CHECK(gone->severity == Severity::warning);
    CHECK(gone->confidence == Confidence::possible);
    CHECK(mentions(*gone, "run 12 of 2027-01-14 saw it offered at the same port"));
    CHECK(find(judge_with_history(seen, true), Cause::net_intercepted) == nullptr);
    CHECK(find(judge_with_history(seen, false, "other.example.test"), Cause::net_intercepted) == nullptr);
}

TEST_CASE("other runs: STARTTLS at another port joins the evidence", "[diagnose][net.intercepted]") {
    Observation other = healthy(name, 1143, Protocol::imap, Security::starttls, Role::incoming, "guess");
    const Diagnosis d = judge_with_history(story(addresses(name, {"192.0.2.7"}, "typed"), bare(), other));
    const auto count = std::ranges::count(d.findings, Cause::net_intercepted, &Finding::cause);
    CHECK(count == 1);
    REQUIRE(find(d, Cause::net_intercepted));
    CHECK(find(d, Cause::net_intercepted)->variant == "stripped-since");
    CHECK(mentions(*find(d, Cause::net_intercepted), "port 1143"));
}

TEST_CASE("swapped names: one finding says it", "[diagnose][net.refused]") {
    Request request;
    request.email = EmailAddress{.local = "kim", .domain = host("example.test")};
    request.incoming = *parse_server_url("imap://smtp.example.test:993?security=tls");
    request.outgoing = *parse_server_url("smtp://imap.example.test:587?security=starttls");
    auto wrong_in =
        failing_to_connect("smtp.example.test", 993, Protocol::imap, Role::incoming, FailureKind::refused);
    auto wrong_out =
        failing_to_connect("imap.example.test", 587, Protocol::smtp, Role::outgoing, FailureKind::refused);
    auto in = healthy("imap.example.test", 993, Protocol::imap, Security::tls, Role::incoming, "guess");
    auto out = healthy("smtp.example.test", 587, Protocol::smtp, Security::starttls, Role::outgoing, "guess");
    const auto judged = [&](const std::vector<Observation>& seen) {
        return diagnose::diagnose(Case{.request = request, .observations = seen, .now = now},
                                  knowledge::built_in());
    };
    const auto names = [] {
        return story(addresses("smtp.example.test", {"192.0.2.7"}, "typed"),
                     addresses("imap.example.test", {"192.0.2.8"}, "typed"));
    };
    const Diagnosis d = judged(story(names(), wrong_in, wrong_out, in, out));
    CHECK(std::ranges::count(d.findings, Severity::error, &Finding::severity) == 1);
    REQUIRE(find(d, Cause::net_refused));
    CHECK(find(d, Cause::net_refused)->variant == "swapped");
    CHECK(find(d, Cause::net_refused)->actor == Actor::user);
    CHECK(mentions(*find(d, Cause::net_refused), "imap.example.test port 587"));
    // Where nothing works in the other's place, the names are not swapped.
    const Diagnosis dead = judged(story(names(), wrong_in, wrong_out, in));
    CHECK(std::ranges::count(dead.findings, Severity::error, &Finding::severity) == 2);
}

TEST_CASE("tls survey: a server without TLS 1.2 is too old, not the program",
          "[diagnose][tls.protocol-mismatch]") {
    Observation failed = dialog(name, 993, Protocol::imap, Security::tls, Role::incoming);
    connected_to(failed);
    failed.tls = TlsFacts{.alert = 40, .error = "handshake failure"};
    failed.failure =
        Failure{.stage = Stage::tls_handshake, .kind = FailureKind::tls_alert, .text = "handshake failure"};
    const auto judged = [&](TlsVersion best) {
        return judge(story(addresses(name, {"192.0.2.7"}, "typed"), failed,
                           surveyed({.versions = {offered(best, {})}})));
    };
    const Diagnosis old = judged(TlsVersion::ssl3);
    REQUIRE(find(old, Cause::tls_protocol_mismatch));
    CHECK(find(old, Cause::tls_protocol_mismatch)->variant == "server-too-old");
    CHECK(find(old, Cause::tls_protocol_mismatch)->actor == Actor::operator_);
    CHECK(find(old, Cause::tls_protocol_mismatch)->confidence == Confidence::certain);
    const Diagnosis modern_one = judged(TlsVersion::tls1_2);
    REQUIRE(find(modern_one, Cause::tls_protocol_mismatch));
    CHECK(find(modern_one, Cause::tls_protocol_mismatch)->variant.empty());
}

TEST_CASE("interceptors: an issuer that was never checked is likely one, not certainly",
          "[diagnose][client.security-software]") {
    const auto judged = [](const std::string& issuer) {
        Observation seen = healthy(name, 993, Protocol::imap, Security::tls, Role::incoming);
        seen.tls->chain.front().issuer = issuer;
        seen.tls->verified = false;
        seen.tls->faults = {ChainFault::untrusted_issuer};
        const Diagnosis d = judge(story(addresses(name, {"192.0.2.7"}, "typed"), seen));
        const Finding* found = find(d, Cause::client_security_software);
        REQUIRE(found);
        CHECK(found->severity == Severity::error);
        return found->confidence;
    };
    CHECK(judged("avast! Web/Mail Shield Root") == Confidence::certain);
    CHECK(judged("BullGuard SSL Proxy CA") == Confidence::likely);
}
