// What a closer look at a server's TLS means.
#include <algorithm>
#include <catch2/catch.hpp>

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
