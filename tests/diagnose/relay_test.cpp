// What relay tests amount to: nobody is called an open relay without proof.
#include "core/diagnose/relay.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "core/diagnose/limits.h"
#include "tests/support/observations.h"

using namespace maildoctor;
using namespace maildoctor::testing;
using diagnose::Case;
using diagnose::Diagnosis;

namespace {

const char* const server = "mx.own.test";

RelayTrial trial(std::string pattern, std::string recipient, int code, std::string words) {
    return {.pattern = std::move(pattern),
            .sender = "maildoctor@example.com",
            .recipient = std::move(recipient),
            .mail_code = 250,
            .recipient_code = code,
            .reply = std::to_string(code) + " " + words};
}

Observation relay_seen(RelayFacts facts, int number = 25) {
    Observation seen =
        dialog(server, number, Protocol::smtp, Security::starttls, number == 25 ? Role::mx : Role::outgoing);
    seen.probe = relay_probe;
    connected_to(seen);
    if (!facts.baseline) facts.baseline = trial("baseline", "nobody@own.test", 550, "5.1.1 unknown");
    seen.relay = std::move(facts);
    return seen;
}

RelayFacts accepting(RelayGrade grade = RelayGrade::accepts_data) {
    return {.grade = grade,
            .full = true,
            .trials = {trial("foreign", "maildoctor@example.org", 250, "ok")},
            .data_code = grade == RelayGrade::accepts_data ? 354 : 0};
}

Diagnosis judge(Observation seen, bool full = true) {
    Request request;
    request.only_typed = true;
    request.relay.scope = full ? RelayScope::full : RelayScope::basic;
    request.relay.server = ServerSetting{.protocol = Protocol::smtp,
                                         .host = host(server),
                                         .port = *seen.subject.port,
                                         .security = Security::starttls};
    std::vector<Observation> all = addresses(server, {"192.0.2.7"}, "typed");
    all.push_back(std::move(seen));
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i].id = i;
    return diagnose::diagnose(
        {.request = std::move(request), .observations = std::move(all), .now = 1'800'000'000},
        knowledge::built_in());
}

bool notes(const Diagnosis& d, std::string_view words) {
    return std::ranges::any_of(d.notes, [&](const std::string& note) { return note.contains(words); });
}

}  // namespace

TEST_CASE("relay: accepted in a full test is a likely open relay, never a certain one",
          "[diagnose][relay][smtp.open-relay]") {
    const RelayGrade grade = GENERATE(RelayGrade::accepts, RelayGrade::accepts_data);
    const int number = GENERATE(25, 587);
    const Diagnosis d = judge(relay_seen(accepting(grade), number));
    CHECK(d.verdict == Verdict::problem);
    REQUIRE(d.findings.size() == 1);
    const Finding& finding = d.findings.front();
    CHECK(finding.cause == Cause::smtp_open_relay);
    CHECK(finding.confidence == Confidence::likely);
    CHECK(finding.actor == Actor::operator_);
    CHECK(finding.evidence.size() >= 2);
    CHECK(notes(d, "second place"));
}

TEST_CASE("relay: a basic test gives a warning with the advice to run the whole one",
          "[diagnose][relay][smtp.open-relay]") {
    RelayFacts facts = accepting(RelayGrade::accepts);
    facts.full = false;
    const Diagnosis d = judge(relay_seen(std::move(facts)), false);
    CHECK(d.verdict == Verdict::ok);
    REQUIRE(d.findings.size() == 1);
    CHECK(d.findings.front().severity == Severity::warning);
    CHECK(d.findings.front().confidence == Confidence::possible);
    const auto& fixes = d.findings.front().fixes;
    const auto steps = std::ranges::find(fixes, Audience::operator_, &Fix::audience);
    REQUIRE(steps != fixes.end());
    CHECK(steps->steps.front().contains("maildoctor relay mx.own.test"));
}

TEST_CASE("relay: for this network it is an information", "[diagnose][relay]") {
    RelayFacts facts = accepting();
    facts.network = "this computer and the server are in the same network (/24)";
    const Diagnosis d = judge(relay_seen(std::move(facts)));
    CHECK(d.verdict == Verdict::ok);
    REQUIRE(d.findings.size() == 1);
    CHECK(d.findings.front().severity == Severity::info);
    CHECK(d.findings.front().variant == "this-network");
}

TEST_CASE("relay: a catch-all that took names with a percent sign is possible at most", "[diagnose][relay]") {
    RelayFacts facts{.grade = RelayGrade::accepts_data,
                     .full = true,
                     .trials = {trial("foreign", "maildoctor@example.org", 554, "denied"),
                                trial("own-domain-percent", "maildoctor%example.org@own.test", 250, "ok")},
                     .data_code = 354};
    const Diagnosis without = judge(relay_seen(facts));
    CHECK(without.verdict == Verdict::problem);
    facts.baseline = trial("baseline", "nobody@own.test", 250, "ok");
    const Diagnosis d = judge(relay_seen(facts));
    CHECK(d.verdict == Verdict::ok);
    REQUIRE(d.findings.size() == 1);
    CHECK(d.findings.front().confidence == Confidence::possible);
    CHECK(d.findings.front().severity == Severity::info);
    // A real recipient elsewhere is proof even then.
    facts.trials[0].recipient_code = 250;
    CHECK(judge(relay_seen(facts)).verdict == Verdict::problem);
}

TEST_CASE("relay: what is healthy or proves nothing is a remark", "[diagnose][relay]") {
    const auto [grade, words] = GENERATE(table<RelayGrade, std::string>({
        {RelayGrade::refused, "does not pass on mail of strangers"},
        {RelayGrade::asks_for_login, "My server requires authentication"},
        {RelayGrade::proves_nothing, "proves nothing"},
    }));
    RelayFacts facts{.grade = grade,
                     .full = true,
                     .trials = {trial("foreign", "maildoctor@example.org", 554, "5.7.1 denied")}};
    const Diagnosis d = judge(relay_seen(std::move(facts)));
    CHECK(d.verdict == Verdict::ok);
    CHECK(d.findings.empty());
    CHECK(notes(d, words));
}

TEST_CASE("relay: 587 and 465 are expected to ask for a login", "[diagnose][relay]") {
    RelayFacts facts{.grade = RelayGrade::asks_for_login,
                     .full = true,
                     .trials = {trial("foreign", "maildoctor@example.org", 530, "log in")}};
    const Diagnosis d = judge(relay_seen(std::move(facts), 587));
    CHECK(notes(d, "as it should be on this port"));
    CHECK_FALSE(notes(d, "requires authentication"));
}

TEST_CASE("relay: an exchanger that asks everybody for a login cannot receive", "[diagnose][relay]") {
    RelayFacts facts{.grade = RelayGrade::asks_for_login,
                     .full = true,
                     .baseline = trial("baseline", "nobody@own.test", 530, "log in"),
                     .trials = {trial("foreign", "maildoctor@example.org", 530, "log in")}};
    CHECK(notes(judge(relay_seen(std::move(facts))), "cannot come in this way"));
}

TEST_CASE("relay: refused at DATA is no open relay", "[diagnose][relay]") {
    RelayFacts facts = accepting(RelayGrade::proves_nothing);
    facts.data_code = 554;
    const Diagnosis d = judge(relay_seen(std::move(facts)));
    CHECK(d.verdict == Verdict::ok);
    CHECK(notes(d, "not an open relay"));
}

TEST_CASE("relay: put off or cut off means not tested", "[diagnose][relay]") {
    RelayFacts facts{.full = true,
                     .trials = {trial("foreign", "maildoctor@example.org", 450, "4.2.0 greylisted")},
                     .stopped = "the server said \"not now\" twice"};
    const Diagnosis d = judge(relay_seen(std::move(facts)));
    CHECK(d.verdict == Verdict::inconclusive);
    CHECK(d.findings.empty());
    REQUIRE(d.not_tested.size() == 1);
    CHECK(d.not_tested.front().because.contains("greylisted"));
}

TEST_CASE("relay: a recipient refused for itself asks for a real one", "[diagnose][relay]") {
    RelayFacts facts{.grade = RelayGrade::refused,
                     .full = true,
                     .trials = {trial("foreign", "maildoctor@example.org", 556, "5.1.10 null MX")}};
    CHECK(notes(judge(relay_seen(std::move(facts))), "--relay-recipient"));
}

TEST_CASE("limits: files grow by a good third in a message", "[diagnose][limits]") {
    CHECK(diagnose::size_in_message(0) < 3000);
    CHECK(diagnose::size_in_message(30'000'000) > 40'000'000);
    CHECK(diagnose::size_in_message(30'000'000) < 42'000'000);
    CHECK(diagnose::size_in_message(~std::uint64_t{0}) > 0);
    CHECK(diagnose::message_size_in(
              "552 5.3.4 Message size 31457280 exceeds size limit 20971520 of server") == 31457280);
    CHECK_FALSE(diagnose::message_size_in("message size exceeds fixed limit"));
    CHECK_FALSE(diagnose::message_size_in("message size 12"));
}

TEST_CASE("limits: too large a message is told before it is sent",
          "[diagnose][limits][smtp.message-too-large]") {
    Request request;
    request.email = EmailAddress{.local = "user", .domain = host("own.test")};
    request.outgoing =
        ServerSetting{.protocol = Protocol::smtp, .host = host("smtp.own.test"), .port = port(587)};
    request.outgoing->security = Security::starttls;
    request.message_size = 18'000'000;
    auto outgoing = healthy("smtp.own.test", 587, Protocol::smtp, Security::starttls, Role::outgoing);
    outgoing.mail->limits.message_size = 20'000'000;
    auto incoming = healthy("imap.own.test", 993, Protocol::imap, Security::tls, Role::incoming);
    auto seen = story(addresses("smtp.own.test", {"192.0.2.7"}, "typed"), outgoing,
                      addresses("imap.own.test", {"192.0.2.8"}, "guess"), incoming);
    const Diagnosis large = diagnose::diagnose(
        {.request = request, .observations = seen, .now = 1'800'000'000}, knowledge::built_in());
    CHECK(large.verdict == Verdict::problem);
    CHECK(large.findings.front().cause == Cause::smtp_message_too_large);
    REQUIRE(large.limits.size() == 1);
    CHECK(large.limits.front().exceeded());
    request.message_size = 10'000'000;
    const Diagnosis small = diagnose::diagnose(
        {.request = request, .observations = seen, .now = 1'800'000'000}, knowledge::built_in());
    CHECK_FALSE(small.limits.front().exceeded());
    CHECK(std::ranges::none_of(small.findings,
                               [](const Finding& f) { return f.cause == Cause::smtp_message_too_large; }));
}
