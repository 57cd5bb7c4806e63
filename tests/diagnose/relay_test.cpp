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

constexpr std::int64_t now = 1'800'000'000;

Diagnosis judge(Observation seen, bool full = true, OtherRuns others = {},
                const std::string& language = "en") {
    Request request;
    request.language = language;
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
    return diagnose::diagnose({.request = std::move(request),
                               .observations = std::move(all),
                               .now = now,
                               .others = std::move(others)},
                              knowledge::built_in());
}

/// A test from another network, as its report tells of it.
RelaySeen elsewhere(RelayGrade grade = RelayGrade::accepts_data, std::string client = "203.0.113.9") {
    return {.host = server,
            .address = "192.0.2.7",
            .port = 25,
            .grade = grade,
            .client = std::move(client),
            .when = now - 3600,
            .where = "phone.json"};
}

Diagnosis judge_beside(RelayGrade mine, RelaySeen other) {
    RelayFacts facts = accepting(mine);
    facts.client = "198.51.100.4";
    return judge(relay_seen(std::move(facts)), true, {.relays = {std::move(other)}});
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

TEST_CASE("relay: certain when another network's message would be taken, too",
          "[diagnose][relay][smtp.open-relay]") {
    const Diagnosis d = judge_beside(RelayGrade::accepts_data, elsewhere());
    CHECK(d.verdict == Verdict::problem);
    REQUIRE(d.findings.size() == 1);
    CHECK(d.findings.front().confidence == Confidence::certain);
    CHECK(d.findings.front().severity == Severity::error);
    CHECK(d.findings.front().variant == "two-networks");
    CHECK(d.findings.front().evidence.front().text ==
          "phone.json of 2027-01-15, from 203.0.113.9: accepted recipients elsewhere and DATA");
    CHECK_FALSE(notes(d, "second place"));
}

TEST_CASE("relay: what another test does not show leaves the verdict likely",
          "[diagnose][relay][smtp.open-relay]") {
    RelayGrade mine = RelayGrade::accepts_data;
    RelaySeen other = elsewhere();
    std::string because;
    SECTION("DATA was not accepted there") {
        other.grade = RelayGrade::accepts;
        because = "DATA was not accepted in both tests";
    }
    SECTION("DATA was not accepted here") {
        mine = RelayGrade::accepts;
        because = "DATA was not accepted in both tests";
    }
    SECTION("the same network") {
        other.client = "198.51.100.77";
        because = "the same network";
    }
    SECTION("IPv6 there and IPv4 here may be one computer") {
        other.client = "2001:db8::1";
        because = "the same network";
    }
    SECTION("behind a router") {
        other.client = "192.168.1.7";
        because = "behind a router";
    }
    SECTION("an address that is none") {
        other.client = "phone";
        because = "not known";
    }
    SECTION("the server's own network") {
        other.network = "this computer and the server are in the same network (/24)";
        because = "the server's own network";
    }
    SECTION("long ago") {
        other.when = now - std::int64_t{8} * 86400;
        because = "more than a week";
    }
    SECTION("of a clock that is far ahead") {
        other.when = now + 7200;
        because = "more than a week";
    }
    const Diagnosis d = judge_beside(mine, other);
    REQUIRE(d.findings.size() == 1);
    CHECK(d.findings.front().confidence == Confidence::likely);
    CHECK(notes(d, because));
}

TEST_CASE("relay: another server's test is no test of this one", "[diagnose][relay]") {
    RelaySeen other = elsewhere();
    SECTION("another port") {
        other.port = 587;
    }
    SECTION("another name and address") {
        other.host = "mx.other.test";
        other.address = "192.0.2.99";
    }
    const Diagnosis d = judge_beside(RelayGrade::accepts_data, other);
    REQUIRE(d.findings.size() == 1);
    CHECK(d.findings.front().confidence == Confidence::likely);
    CHECK(notes(d, "--compare"));
}

TEST_CASE("relay: the same address under another name is the same server", "[diagnose][relay]") {
    RelaySeen other = elsewhere();
    other.host = "192.0.2.7";
    CHECK(judge_beside(RelayGrade::accepts_data, other).findings.front().confidence == Confidence::certain);
}

TEST_CASE("relay: a network that is trusted, and another that is refused", "[diagnose][relay]") {
    const RelayGrade refusal = GENERATE(RelayGrade::refused, RelayGrade::asks_for_login);
    const Diagnosis here = judge_beside(RelayGrade::accepts_data, elsewhere(refusal));
    CHECK(here.verdict == Verdict::ok);
    REQUIRE(here.findings.size() == 1);
    CHECK(here.findings.front().severity == Severity::info);
    CHECK(here.findings.front().variant == "other-network-refused");
    RelayFacts facts{.grade = refusal,
                     .full = true,
                     .trials = {trial("foreign", "maildoctor@example.org", 554, "5.7.1 denied")},
                     .client = "198.51.100.4"};
    const Diagnosis there = judge(relay_seen(std::move(facts)), true, {.relays = {elsewhere()}});
    CHECK(there.findings.empty());
    CHECK(notes(there, "From another network"));
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

TEST_CASE("relay: remarks are in the reader's language", "[diagnose][relay]") {
    const auto [grade, words] = GENERATE(table<RelayGrade, std::string>({
        {RelayGrade::refused, "Port 25 leitet Mail von Fremden nicht weiter, wie es sein soll: 1 von 1"},
        {RelayGrade::asks_for_login, "„Server erfordert Authentifizierung“"},
        {RelayGrade::proves_nothing, "entscheidet später"},
        {RelayGrade::accepts_data, "mit --compare an"},
    }));
    RelayFacts facts{.grade = grade,
                     .full = true,
                     .trials = {trial("foreign", "maildoctor@example.org", 554, "5.7.1 denied")}};
    CHECK(notes(judge(relay_seen(std::move(facts)), true, {}, "de"), words));
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

namespace {

/// A server that turns a login for reading away with these words.
Diagnosis turned_away(const std::string& words) {
    Request request;
    request.incoming =
        ServerSetting{.protocol = Protocol::imap, .host = host("imap.own.test"), .port = port(993)};
    request.incoming->security = Security::tls;
    request.only_typed = true;
    auto dialog = healthy("imap.own.test", 993, Protocol::imap, Security::tls, Role::incoming);
    Observation login = dialog;
    login.probe = login_probe;
    login.login = LoginFacts{.user = "kim", .outcome = LoginOutcome::refused, .refusal = words};
    return diagnose::diagnose(
        {.request = request,
         .observations = story(addresses("imap.own.test", {"192.0.2.8"}, "typed"), dialog, login),
         .now = now},
        knowledge::built_in());
}

}  // namespace

TEST_CASE("limits: connections are read from the words of a refusal", "[diagnose][limits]") {
    const auto [words, value] = GENERATE(table<std::string, std::uint64_t>({
        {"NO [UNAVAILABLE] Maximum number of connections from user+IP exceeded "
         "(mail_max_userip_connections=3)",
         3},
        {"NO Too many open connections (20 of 20 from pc.example.test [192.0.2.9])", 20},
        {"NO [ALERT] Too many simultaneous connections. (Failure)", 0},
    }));
    const Diagnosis d = turned_away(words);
    REQUIRE(d.limits.size() == 1);
    CHECK(d.limits.front().kind == ServerLimit::Kind::connections);
    CHECK(d.limits.front().value == value);
    CHECK(d.limits.front().reached);
    CHECK(turned_away("NO [AUTHENTICATIONFAILED] Authentication failed.").limits.empty());
}
