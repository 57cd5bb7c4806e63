// From observations to findings: the right cause first, and nothing called broken that is not.
#include "core/diagnose/diagnose.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "core/model/server_url.h"
#include "tests/support/observations.h"

using namespace maildoctor;
using namespace maildoctor::testing;
using diagnose::Case;
using diagnose::Diagnosis;

namespace {

const char* const name = "mail.example.test";

Request asking(std::string_view incoming = {}, std::string_view outgoing = {}) {
    Request request;
    request.email = EmailAddress{.local = "user", .domain = host("example.test")};
    if (!incoming.empty()) request.incoming = *parse_server_url(incoming);
    if (!outgoing.empty()) request.outgoing = *parse_server_url(outgoing);
    return request;
}

Diagnosis judge(Request request, std::vector<Observation> seen) {
    return diagnose::diagnose(
        Case{.request = std::move(request), .observations = std::move(seen), .now = 1'800'000'000},
        knowledge::built_in());
}

std::vector<Observation> good_domain() {
    auto exchanger = healthy("mx.example.test", 25, Protocol::smtp, Security::starttls, Role::mx, "mx");
    return story(mx("example.test", {"mx.example.test"}), addresses("mx.example.test", {"192.0.2.25"}, "mx"),
                 exchanger);
}

std::vector<Observation> good_host() {
    return story(addresses(name, {"192.0.2.7"}, "typed"),
                 healthy(name, 993, Protocol::imap, Security::tls, Role::incoming),
                 healthy(name, 465, Protocol::smtp, Security::tls, Role::outgoing));
}

const Finding* primary(const Diagnosis& d) {
    const auto found = std::ranges::find_if(d.findings, &Finding::primary);
    return found == d.findings.end() ? nullptr : &*found;
}

bool has(const Diagnosis& d, Cause cause, Severity severity) {
    return std::ranges::any_of(d.findings,
                               [&](const Finding& f) { return f.cause == cause && f.severity == severity; });
}

/// Every problem has exactly one primary finding, and no finding is without evidence and words.
void check_shape(const Diagnosis& d) {
    CHECK(std::ranges::count_if(d.findings, &Finding::primary) == (d.verdict == Verdict::problem ? 1 : 0));
    for (const Finding& f : d.findings) {
        CHECK_FALSE(f.evidence.empty());
        CHECK_FALSE(f.title.empty());
        CHECK_FALSE(f.fixes.empty());
    }
}

}  // namespace

TEST_CASE("diagnose: a healthy account has no findings", "[diagnose]") {
    const Diagnosis d = judge(asking("imap://mail.example.test:993", "smtp://mail.example.test:465"),
                              story(good_domain(), good_host()));
    CHECK(d.verdict == Verdict::ok);
    CHECK(d.findings.empty());
    REQUIRE(d.settings.incoming.size() == 1);
    CHECK(d.settings.incoming.front().works == true);
    check_shape(d);
}

TEST_CASE("diagnose: typed port refused, another open", "[diagnose][net.refused]") {
    const Diagnosis d =
        judge(asking("pop3://mail.example.test:110?security=none"),
              story(good_domain(), addresses(name, {"192.0.2.7"}, "typed"),
                    failing_to_connect(name, 110, Protocol::pop3, Role::incoming, FailureKind::refused),
                    healthy(name, 995, Protocol::pop3, Security::tls, Role::incoming),
                    healthy(name, 465, Protocol::smtp, Security::tls, Role::outgoing)));
    CHECK(d.verdict == Verdict::problem);
    REQUIRE(primary(d));
    CHECK(primary(d)->cause == Cause::net_refused);
    const auto& steps = primary(d)->fixes.front().steps;
    CHECK_THAT(steps.front(), Catch::Contains("995"));
    REQUIRE(d.settings.incoming.size() == 1);
    CHECK(d.settings.incoming.front().port == port(995));
    check_shape(d);
}

TEST_CASE("diagnose: a closed port that nobody uses is no finding", "[diagnose]") {
    const Diagnosis d =
        judge(asking("imap://mail.example.test:993", "smtp://mail.example.test:465"),
              story(good_domain(), good_host(),
                    failing_to_connect(name, 110, Protocol::pop3, Role::incoming, FailureKind::refused)));
    CHECK(d.verdict == Verdict::ok);
    CHECK(d.findings.empty());
}

TEST_CASE("diagnose: wrong mode both ways", "[diagnose][tls.wrong-mode]") {
    SECTION("implicit TLS typed for a plain port") {
        Observation tls = dialog(name, 143, Protocol::imap, Security::tls, Role::incoming);
        connected_to(tls);
        tls.failure = Failure{.stage = Stage::tls_handshake, .kind = FailureKind::bad_syntax};
        tls.tls = TlsFacts{.text_answer = true, .peer_text = "* OK ready"};
        tls.mail = MailFacts{.service = Service::imap, .greeting = "* OK ready"};
        const Diagnosis d =
            judge(asking("imap://mail.example.test:143?security=tls", "smtp://mail.example.test:465"),
                  story(good_domain(), good_host(), tls,
                        healthy(name, 143, Protocol::imap, Security::starttls, Role::incoming)));
        REQUIRE(primary(d));
        CHECK(primary(d)->cause == Cause::tls_wrong_mode);
        check_shape(d);
    }
    SECTION("no encryption typed for an implicit TLS port") {
        Observation plain = dialog(name, 993, Protocol::imap, Security::starttls, Role::incoming);
        connected_to(plain);
        plain.failure = Failure{.stage = Stage::greeting, .kind = FailureKind::timed_out};
        plain.mail = MailFacts{};
        const Diagnosis d =
            judge(asking("imap://mail.example.test:993?security=none", "smtp://mail.example.test:465"),
                  story(good_domain(), plain, good_host()));
        REQUIRE(primary(d));
        CHECK(primary(d)->cause == Cause::tls_wrong_mode);
        check_shape(d);
    }
}

TEST_CASE("diagnose: a silent server is not called broken", "[diagnose]") {
    Observation silent = dialog(name, 993, Protocol::imap, Security::tls, Role::incoming);
    connected_to(silent);
    silent.failure = Failure{.stage = Stage::tls_handshake, .kind = FailureKind::timed_out};
    silent.tls = TlsFacts{};
    const Diagnosis d = judge(asking("imap://mail.example.test:993", "smtp://mail.example.test:465"),
                              story(good_domain(), addresses(name, {"192.0.2.7"}, "typed"), silent,
                                    healthy(name, 465, Protocol::smtp, Security::tls, Role::outgoing)));
    CHECK(d.verdict == Verdict::inconclusive);
    CHECK(d.findings.empty());
    CHECK_FALSE(d.not_tested.empty());
}

TEST_CASE("diagnose: every fault of a certificate is found, the one that matters first",
          "[diagnose][tls.name-mismatch][tls.certificate-expired]") {
    auto seen = good_host();
    for (Observation& o : seen) {
        if (!o.tls) continue;
        o.tls->verified = false;
        o.tls->faults = {ChainFault::expired, ChainFault::name_mismatch};
    }
    const Diagnosis d = judge(asking("imap://mail.example.test:993", "smtp://mail.example.test:465"),
                              story(good_domain(), seen));
    REQUIRE(primary(d));
    CHECK(primary(d)->cause == Cause::tls_certificate_expired);
    CHECK(has(d, Cause::tls_name_mismatch, Severity::error));
    CHECK(d.findings.size() == 2);  // both servers have the same certificate on the same host: said once
    CHECK(d.settings.incoming.empty());
    check_shape(d);
}

TEST_CASE("diagnose: one dead address of two is a warning", "[diagnose][net.timeout]") {
    auto seen = good_host();
    for (Observation& o : seen) {
        if (o.subject.port == port(993))
            o.connects.push_back(
                {.address = *IpAddress::from("192.0.2.8"),
                 .failure = Failure{.stage = Stage::connect, .kind = FailureKind::timed_out}});
    }
    const Diagnosis d = judge(asking("imap://mail.example.test:993", "smtp://mail.example.test:465"),
                              story(good_domain(), seen));
    CHECK(d.verdict == Verdict::ok);
    CHECK(has(d, Cause::net_timeout, Severity::warning));
}

TEST_CASE("diagnose: no IPv6 here is not the server's fault", "[diagnose]") {
    auto seen = good_host();
    for (Observation& o : seen) {
        if (o.subject.port == port(993))
            o.connects.push_back(
                {.address = *IpAddress::from("2001:db8::7"),
                 .failure = Failure{.stage = Stage::connect, .kind = FailureKind::unreachable}});
    }
    const Diagnosis d = judge(asking("imap://mail.example.test:993", "smtp://mail.example.test:465"),
                              story(good_domain(), seen));
    CHECK(d.verdict == Verdict::ok);
    CHECK(d.findings.empty());
    CHECK_FALSE(d.not_tested.empty());
}

TEST_CASE("diagnose: two independent faults are both found", "[diagnose]") {
    auto expired = healthy(name, 993, Protocol::imap, Security::tls, Role::incoming);
    expired.tls->verified = false;
    expired.tls->faults = {ChainFault::expired};
    const Diagnosis d = judge(
        asking("imap://mail.example.test:993", "smtp://smtp.example.test:587"),
        story(good_domain(), addresses(name, {"192.0.2.7"}, "typed"), expired, missing("smtp.example.test")));
    CHECK(d.verdict == Verdict::problem);
    CHECK(has(d, Cause::tls_certificate_expired, Severity::error));
    CHECK(has(d, Cause::dns_host_not_found, Severity::error));
    check_shape(d);
}

TEST_CASE("diagnose: port 25 silent at two operators is blocked here", "[diagnose][net.port-blocked]") {
    const auto silent = [](const char* where, Role role) {
        return failing_to_connect(where, 25, Protocol::smtp, role, FailureKind::timed_out,
                                  role == Role::mx ? "mx" : "typed");
    };
    auto other = dialog("mx.other.test", 587, Protocol::smtp, Security::starttls, Role::mx, "mx");
    other.probe = connect_probe;
    connected_to(other);
    const auto seen = story(
        mx("example.test", {"mx.other.test"}), addresses("mx.other.test", {"198.51.100.1"}, "mx"),
        silent("mx.other.test", Role::mx), other, addresses(name, {"192.0.2.7"}, "typed"),
        silent(name, Role::outgoing), healthy(name, 587, Protocol::smtp, Security::starttls, Role::outgoing),
        healthy(name, 993, Protocol::imap, Security::tls, Role::incoming));
    const Diagnosis d = judge(asking("imap://mail.example.test:993", "smtp://mail.example.test:25"), seen);
    REQUIRE(primary(d));
    CHECK(primary(d)->cause == Cause::net_port_blocked);
    CHECK_FALSE(has(d, Cause::net_timeout, Severity::error));
    CHECK_THAT(primary(d)->fixes.front().steps.front(), Catch::Contains("587"));
    check_shape(d);
}

TEST_CASE("diagnose: one silent operator is not enough to blame the network", "[diagnose][net.timeout]") {
    const auto seen =
        story(good_domain(), addresses(name, {"192.0.2.7"}, "typed"),
              failing_to_connect(name, 25, Protocol::smtp, Role::outgoing, FailureKind::timed_out),
              healthy(name, 587, Protocol::smtp, Security::starttls, Role::outgoing),
              healthy(name, 993, Protocol::imap, Security::tls, Role::incoming));
    const Diagnosis d = judge(asking("imap://mail.example.test:993", "smtp://mail.example.test:25"), seen);
    REQUIRE(primary(d));
    CHECK(primary(d)->cause == Cause::net_timeout);
}

TEST_CASE("diagnose: a port that no mail server has is a slip of its own", "[diagnose][net.timeout]") {
    const Diagnosis d =
        judge(asking("pop3://mail.example.test:9995?security=starttls",
                     "smtp://mail.example.test:456?security=starttls"),
              story(good_domain(), good_host(),
                    failing_to_connect(name, 9995, Protocol::pop3, Role::incoming, FailureKind::timed_out),
                    failing_to_connect(name, 456, Protocol::smtp, Role::outgoing, FailureKind::timed_out)));
    REQUIRE(d.findings.size() == 2);  // one host, two ports to correct
    for (const Finding& f : d.findings) {
        CHECK(f.cause == Cause::net_timeout);
        CHECK(f.variant == "odd-port");
        CHECK(f.actor == Actor::user);
        CHECK_THAT(f.title, Catch::Contains(std::to_string(f.subject.port->number())));
    }
    check_shape(d);
}

TEST_CASE("diagnose: what speaks against one port or one host alone is said so", "[diagnose]") {
    const std::string other = "smtp.example.test";
    const auto with = [&](FailureKind kind) {
        return judge(asking("imap://mail.example.test:143?security=starttls", "smtp://smtp.example.test:465"),
                     story(good_domain(), good_host(), addresses(other, {"192.0.2.9"}, "typed"),
                           healthy(other, 465, Protocol::smtp, Security::tls, Role::outgoing),
                           failing_to_connect(name, 143, Protocol::imap, Role::incoming, kind)));
    };
    const Diagnosis silent = with(FailureKind::timed_out);
    REQUIRE(primary(silent));
    CHECK(primary(silent)->variant == "one-port");
    const Diagnosis no_route = with(FailureKind::unreachable);
    REQUIRE(primary(no_route));
    CHECK(primary(no_route)->variant == "one-host");
}

TEST_CASE("diagnose: submission without a login is a warning", "[diagnose][auth.mechanism-unsupported]") {
    auto seen = good_host();
    for (Observation& o : seen) {
        if (o.subject.port == port(465)) o.mail->auth_mechanisms.clear();
    }
    const Diagnosis d = judge(asking("imap://mail.example.test:993", "smtp://mail.example.test:465"),
                              story(good_domain(), seen));
    CHECK(d.verdict == Verdict::ok);
    CHECK(has(d, Cause::auth_mechanism_unsupported, Severity::warning));
}

TEST_CASE("diagnose: an exchanger is no way out for somebody who wants to send", "[diagnose]") {
    auto exchanger = healthy(name, 25, Protocol::smtp, Security::starttls, Role::outgoing);
    exchanger.mail->auth_mechanisms.clear();
    const Diagnosis d =
        judge(asking("imap://mail.example.test:993", "smtp://mail.example.test:587?security=starttls"),
              story(good_domain(), addresses(name, {"192.0.2.7"}, "typed"),
                    healthy(name, 993, Protocol::imap, Security::tls, Role::incoming), exchanger,
                    failing_to_connect(name, 587, Protocol::smtp, Role::outgoing, FailureKind::refused)));
    REQUIRE(primary(d));
    for (const Fix& fix : primary(d)->fixes)
        for (const std::string& step : fix.steps)
            CHECK_THAT(step, !Catch::Contains("works from here"));
}

TEST_CASE("diagnose: a port that neither lets users log in nor passes on mail", "[diagnose]") {
    auto exchanger = healthy(name, 25, Protocol::smtp, Security::starttls, Role::outgoing);
    exchanger.mail->auth_mechanisms.clear();
    Observation strangers = dialog(name, 25, Protocol::smtp, Security::starttls, Role::outgoing);
    strangers.probe = relay_probe;
    connected_to(strangers);
    strangers.relay = RelayFacts{.grade = RelayGrade::refused,
                                 .trials = {{.pattern = "foreign",
                                             .mail_code = 250,
                                             .recipient_code = 554,
                                             .reply = "554 5.7.1 Relay access denied"}}};
    const auto submission = healthy(name, 587, Protocol::smtp, Security::starttls, Role::outgoing, "guess");
    const auto ask = [&](const Observation& relay, const std::vector<Observation>& others) {
        return judge(asking("imap://mail.example.test:993", "smtp://mail.example.test:25?security=starttls"),
                     story(good_domain(), addresses(name, {"192.0.2.7"}, "typed"),
                           healthy(name, 993, Protocol::imap, Security::tls, Role::incoming), exchanger,
                           relay, others));
    };
    SECTION("while another port has logins: the wrong port was typed") {
        const Diagnosis d = ask(strangers, {submission});
        REQUIRE(primary(d));
        CHECK(primary(d)->cause == Cause::auth_mechanism_unsupported);
        CHECK(primary(d)->explanation.contains("587"));
        CHECK(primary(d)->evidence.size() == 3);
        check_shape(d);
    }
    SECTION("the made-up recipient was refused for itself: that says nothing") {
        strangers.relay->trials.back().reply = "550 5.1.1 no such user";
        CHECK(ask(strangers, {submission}).verdict == Verdict::ok);
    }
    SECTION("no other port has logins: this may be how it is meant") {
        CHECK(ask(strangers, {}).verdict == Verdict::ok);
    }
    SECTION("it passes mail on for this network") {
        strangers.relay->grade = RelayGrade::proves_nothing;
        CHECK(ask(strangers, {submission}).verdict == Verdict::ok);
    }
}

TEST_CASE("diagnose: STARTTLS put off without a word of TLS", "[diagnose][smtp.service-unavailable]") {
    auto seen = healthy(name, 587, Protocol::smtp, Security::starttls, Role::outgoing);
    seen.tls.reset();
    seen.mail->starttls_accepted = false;
    seen.mail->refusal_code = 454;
    seen.mail->refusal = "454 4.3.0 Try again later";
    const auto ask = [&] {
        return judge(asking("imap://mail.example.test:993", "smtp://mail.example.test:587?security=starttls"),
                     story(good_domain(), addresses(name, {"192.0.2.7"}, "typed"),
                           healthy(name, 993, Protocol::imap, Security::tls, Role::incoming), seen));
    };
    Diagnosis d = ask();
    REQUIRE(primary(d));
    CHECK(primary(d)->cause == Cause::smtp_service_unavailable);
    seen.mail->refusal = "454 4.7.0 TLS not available due to local problem";
    d = ask();
    REQUIRE(primary(d));
    CHECK(primary(d)->cause == Cause::tls_not_offered);
}

TEST_CASE("diagnose: what is published decides, though something else works", "[diagnose]") {
    const auto published = [](std::string source, Security security, std::string_view server) {
        SourceAnswer answer{.source = source, .outcome = SourceAnswer::Outcome::settings};
        answer.document.settings.incoming.push_back({.protocol = Protocol::imap,
                                                     .host = host(server),
                                                     .port = port(security == Security::tls ? 993 : 143),
                                                     .security = security,
                                                     .source = source});
        return answer;
    };
    const auto ask = [](SourceAnswer answer, const std::vector<Observation>& more) {
        return diagnose::diagnose(
            Case{.request = asking(),
                 .observations =
                     story(good_domain(), addresses(name, {"192.0.2.7"}, "guess"),
                           healthy(name, 993, Protocol::imap, Security::tls, Role::incoming, "guess"),
                           healthy(name, 143, Protocol::imap, Security::starttls, Role::incoming, "guess"),
                           healthy(name, 465, Protocol::smtp, Security::tls, Role::outgoing, "guess"), more),
                 .sources = {std::move(answer)},
                 .now = 1'800'000'000},
            knowledge::built_in());
    };
    SECTION("a document without encryption where logins need it") {
        const Diagnosis d = ask(published("autoconfig", Security::none, name), {});
        REQUIRE(primary(d));
        CHECK(primary(d)->cause == Cause::tls_required);
        CHECK(d.settings.incoming.size() == 2);
    }
    SECTION("the same with STARTTLS works") {
        CHECK(ask(published("autoconfig", Security::starttls, name), {}).verdict == Verdict::ok);
    }
    SECTION("an SRV record that leads nowhere is a warning") {
        const Diagnosis d = ask(published("srv", Security::tls, "mail.example.test.example.test"),
                                missing("mail.example.test.example.test"));
        CHECK(d.verdict == Verdict::ok);
        CHECK(has(d, Cause::dns_host_not_found, Severity::warning));
    }
}

TEST_CASE("diagnose: delivery to the domain", "[diagnose][dns.no-mail-server][dns.mx-invalid]") {
    const auto ask = [](auto seen) {
        return judge(asking("imap://mail.example.test:993", "smtp://mail.example.test:465"),
                     story(good_host(), std::move(seen)));
    };
    SECTION("null MX") {
        const Diagnosis d = ask(story(mx("example.test", {""})));
        REQUIRE(primary(d));
        CHECK(primary(d)->cause == Cause::dns_no_mail_server);
        CHECK(primary(d)->detail == "null-mx");
    }
    SECTION("neither MX nor address") {
        const Diagnosis d = ask(story(dns("example.test", RecordType::mx, DnsStatus::no_data),
                                      addresses("example.test", {}, "domain")));
        REQUIRE(primary(d));
        CHECK(primary(d)->cause == Cause::dns_no_mail_server);
    }
    SECTION("the only MX names nothing") {
        const Diagnosis d =
            ask(story(mx("example.test", {"gone.example.test"}), missing("gone.example.test")));
        REQUIRE(primary(d));
        CHECK(primary(d)->cause == Cause::dns_mx_invalid);
    }
    SECTION("the only MX leads every sender to itself") {
        const Diagnosis d = ask(story(mx("example.test", {"localhost"})));
        REQUIRE(primary(d));
        CHECK(primary(d)->cause == Cause::dns_mx_invalid);
        CHECK(primary(d)->detail == "mx-is-localhost");
    }
    SECTION("an MX whose STARTTLS breaks off is a warning: most senders go on without") {
        auto exchanger = healthy("mx.example.test", 25, Protocol::smtp, Security::starttls, Role::mx, "mx");
        exchanger.tls = TlsFacts{.error = "unexpected eof"};
        exchanger.failure =
            Failure{.stage = Stage::tls_handshake, .kind = FailureKind::reset, .text = "reset"};
        const Diagnosis d = ask(story(mx("example.test", {"mx.example.test"}),
                                      addresses("mx.example.test", {"192.0.2.25"}, "mx"), exchanger));
        CHECK(d.verdict == Verdict::ok);
        CHECK(has(d, Cause::tls_handshake_failed, Severity::warning));
    }
    SECTION("a dead second MX is a warning") {
        const Diagnosis d =
            ask(story(mx("example.test", {"mx.example.test", "mx2.example.test"}),
                      addresses("mx.example.test", {"192.0.2.25"}, "mx"),
                      healthy("mx.example.test", 25, Protocol::smtp, Security::starttls, Role::mx, "mx"),
                      addresses("mx2.example.test", {"192.0.2.26"}, "mx"),
                      failing_to_connect("mx2.example.test", 25, Protocol::smtp, Role::mx,
                                         FailureKind::refused, "mx")));
        CHECK(d.verdict == Verdict::ok);
        CHECK(has(d, Cause::net_refused, Severity::warning));
    }
    SECTION("port 25 silent from here says nothing about the domain") {
        auto other = dialog("mx.example.test", 587, Protocol::smtp, Security::starttls, Role::mx, "mx");
        other.probe = connect_probe;
        connected_to(other);
        const Diagnosis d = ask(story(mx("example.test", {"mx.example.test"}),
                                      addresses("mx.example.test", {"192.0.2.25"}, "mx"), other,
                                      failing_to_connect("mx.example.test", 25, Protocol::smtp, Role::mx,
                                                         FailureKind::timed_out, "mx")));
        CHECK(d.verdict == Verdict::ok);
        CHECK(d.findings.empty());
        CHECK_FALSE(d.not_tested.empty());
    }
}

TEST_CASE("diagnose: no network is told, and nothing is blamed on servers",
          "[diagnose][net.unreachable][dns.lookup-failed]") {
    const auto dead = [](const char* what, RecordType type) {
        return dns(what, type, DnsStatus::no_answer, "resolver-unreachable");
    };
    Observation route{.probe = "net.route", .answer = Answer::no};
    SECTION("offline") {
        const Diagnosis d = judge(asking("imap://mail.example.test:993"),
                                  story(dead(name, RecordType::a), dead(name, RecordType::aaaa),
                                        dead("example.test", RecordType::mx), route));
        REQUIRE(d.findings.size() == 1);
        CHECK(d.findings.front().cause == Cause::net_unreachable);
        CHECK(d.verdict == Verdict::inconclusive);
    }
    SECTION("resolver dead") {
        route.answer = Answer::yes;
        const Diagnosis d = judge(asking("imap://mail.example.test:993"),
                                  story(dead(name, RecordType::a), dead(name, RecordType::aaaa),
                                        dead("example.test", RecordType::mx), route));
        REQUIRE(d.findings.size() == 1);
        CHECK(d.findings.front().cause == Cause::dns_lookup_failed);
        CHECK(d.findings.front().detail == "resolver-unreachable");
        CHECK(d.verdict == Verdict::problem);
    }
}

TEST_CASE("diagnose: a mistyped name comes with the one that exists", "[diagnose][dns.host-not-found]") {
    auto near = addresses("imap.example.test", {"192.0.2.7"}, "typo");
    const Diagnosis d = judge(
        asking("imap://imao.example.test:993"),
        story(good_domain(), missing("imao.example.test"), near,
              healthy("imap.example.test", 993, Protocol::imap, Security::tls, Role::incoming, "typo")));
    REQUIRE(primary(d));
    CHECK(primary(d)->cause == Cause::dns_host_not_found);
    CHECK(primary(d)->detail == "nxdomain");
    CHECK(std::ranges::any_of(primary(d)->evidence, [](const Evidence& e) {
        return e.text.find("imap.example.test") != std::string::npos;
    }));
    REQUIRE_FALSE(d.settings.incoming.empty());
    CHECK(d.settings.incoming.front().host.text() == "imap.example.test");
}

TEST_CASE("diagnose: one bogus zone is one finding", "[diagnose][dns.dnssec-bogus]") {
    const auto bogus = [](const char* what, RecordType type) {
        return dns(what, type, DnsStatus::bogus, "bogus");
    };
    const Diagnosis d =
        judge(asking("imap://imap.example.test:993", "smtp://smtp.example.test:465"),
              story(bogus("imap.example.test", RecordType::a), bogus("imap.example.test", RecordType::aaaa),
                    bogus("smtp.example.test", RecordType::a), bogus("smtp.example.test", RecordType::aaaa),
                    bogus("example.test", RecordType::mx)));
    REQUIRE(d.findings.size() == 1);
    CHECK(d.findings.front().cause == Cause::dns_dnssec_bogus);
}

TEST_CASE("diagnose: encryption that the server wants but the user has off", "[diagnose][tls.required]") {
    auto seen = healthy(name, 143, Protocol::imap, Security::starttls, Role::incoming);
    const Diagnosis d =
        judge(asking("imap://mail.example.test:143?security=none", "smtp://mail.example.test:465"),
              story(good_domain(), good_host(), seen));
    REQUIRE(primary(d));
    CHECK(primary(d)->cause == Cause::tls_required);
}

TEST_CASE("diagnose: STARTTLS that is typed but not offered", "[diagnose][tls.not-offered]") {
    auto seen = healthy(name, 143, Protocol::imap, Security::starttls, Role::incoming);
    seen.tls.reset();
    seen.mail->starttls_offered = seen.mail->starttls_accepted = false;
    seen.failure = Failure{.stage = Stage::starttls, .kind = FailureKind::rejected};
    const Diagnosis d =
        judge(asking("imap://mail.example.test:143?security=starttls", "smtp://mail.example.test:465"),
              story(good_domain(), good_host(), seen));
    REQUIRE(primary(d));
    CHECK(primary(d)->cause == Cause::tls_not_offered);
}
