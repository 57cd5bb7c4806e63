// What is said about a pasted text, about the server that it names, and how guides are filled in.
#include "core/report/explanation.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "core/explain/explain.h"
#include "core/report/clues.h"
#include "core/report/guide.h"
#include "core/report/named_server.h"

using namespace maildoctor;

namespace {

constexpr std::string_view today = "2026-11-22";
constexpr std::string_view pasted =
    "Account: 'anna', Server: 'pop.firma.example', Protocol: POP3, Port: 110, Secure(SSL): No, Socket Error: "
    "10060, Error Number: 0x800CCC0E";

report::Explanation explained(const Clues& clues, std::string_view program = "",
                              report::Language language = report::Language::english) {
    return report::explanation_of(clues, knowledge::built_in(), program, language, today);
}

}  // namespace

TEST_CASE("an explanation points at what decided", "[report][explanation]") {
    const Clues clues = explain::explain(pasted);
    const report::Explanation said = explained(clues);
    REQUIRE(said.known);
    CHECK_FALSE(said.text.title.empty());
    REQUIRE_FALSE(said.decided_by.empty());
    for (std::size_t i = 0; i < said.decided_by.size(); ++i) {
        CHECK(said.decided_by[i].begin < said.decided_by[i].end);
        CHECK(said.decided_by[i].end <= clues.text.size());
        if (i > 0) CHECK(said.decided_by[i - 1].end <= said.decided_by[i].begin);
    }
    CHECK(std::ranges::any_of(said.decided_by, [&](const report::Span& s) {
        const std::string words = clues.text.substr(s.begin, s.end - s.begin);
        return words.find("0x800CCC0E") != std::string::npos || words.find("10060") != std::string::npos;
    }));
    CHECK(said.text.title != explained(clues, "", report::Language::german).text.title);
}

TEST_CASE("a ticket about a pasted text names nobody", "[report][explanation]") {
    const Clues clues = explain::explain(pasted);
    const std::string ticket =
        report::render_explanation_markdown(explained(clues), clues, report::Language::english);
    CHECK(ticket.starts_with("# "));
    CHECK(ticket.find("pop.firma.example") == std::string::npos);
    CHECK(ticket.find("0x800CCC0E") != std::string::npos);
}

TEST_CASE("a fact that was checked long ago is marked for programs, too", "[report][explanation]") {
    const Clues clues = explain::explain(
        "535 imap.aol.com: an application-specific password is required, see AOL account security");
    REQUIRE(clues.provider == "aol");
    const auto json = [&](const char* day) {
        return report::render_clues_json(clues, knowledge::built_in(), {.today = day}, "1");
    };
    REQUIRE(json("2024-12-01").find("\"provider_facts\":[{") != std::string::npos);
    CHECK(json("2024-12-01").find("\"old\":false") != std::string::npos);
    CHECK(json("2024-12-01").find("\"old\":true") == std::string::npos);
    CHECK(json("2099-01-01").find("\"old\":true") != std::string::npos);
    CHECK(json("2099-01-01").find("\"old\":false") == std::string::npos);
}

TEST_CASE("nonsense has no cause and says so", "[report][explanation]") {
    const Clues clues = explain::explain("the cat sat on the mat");
    const report::Explanation said = explained(clues);
    CHECK_FALSE(said.known);
    CHECK_FALSE(said.remark.empty());
    CHECK(said.text.title.empty());
}

TEST_CASE("only a named mail server is asked", "[report][explanation]") {
    CHECK_FALSE(report::cannot_ask(explain::explain(pasted)));
    CHECK(report::cannot_ask(explain::explain("0x800CCC0E")) == report::NamedServerPhrase::no_server);
    Report report;
    report.verdict = Verdict::ok;
    const Clues clues = explain::explain(pasted);
    CHECK(report::verdict_on(clues, report) == report::NamedServerPhrase::gone);
    report.verdict = Verdict::problem;
    report.findings.push_back({.cause = clues.causes.front().cause});
    CHECK(report::verdict_on(clues, report) == report::NamedServerPhrase::still);
    report.verdict = Verdict::inconclusive;
    CHECK(report::verdict_on(clues, report) == report::NamedServerPhrase::untold);
}

TEST_CASE("a guide carries the account's own values", "[report][guide]") {
    const auto& pack = knowledge::built_in();
    report::GuideValues values{.email = "anna@firma.example"};
    values.incoming = ServerSetting{.protocol = Protocol::imap,
                                    .host = *HostName::from("imap.firma.example"),
                                    .port = *Port::from(993),
                                    .security = Security::tls};
    const auto guide = report::guide_for(pack, "android-email", values, "en");
    REQUIRE(guide);
    const auto mentions = [&](std::string_view word) {
        return std::ranges::any_of(guide->steps,
                                   [&](const std::string& s) { return s.find(word) != std::string::npos; });
    };
    CHECK(mentions("anna@firma.example"));
    CHECK(mentions("imap.firma.example"));
    CHECK(mentions("993"));
    CHECK_FALSE(report::guide_for(pack, "no such program", values, "en"));
    CHECK(report::guide_names(pack, "de").size() > 20);
}

TEST_CASE("a refused password at a known provider comes with what the provider wants",
          "[report][explanation]") {
    const Clues clues = explain::explain(
        "Login to server imap.gmail.com with username joe@gmail.com failed. [AUTHENTICATIONFAILED] Invalid "
        "credentials (Failure)");
    REQUIRE(clues.causes.front().cause == Cause::auth_bad_credentials);
    CHECK(clues.causes.front().variant.empty());  // it says nothing about sending
    const report::Explanation said = explained(clues);
    REQUIRE_FALSE(said.facts.empty());
    CHECK(said.facts.size() <= 5);
    CHECK(std::ranges::any_of(said.facts, [](const knowledge::ProviderFact& fact) {
        return fact.cause == Cause::auth_app_password_required;
    }));
    CHECK(
        std::ranges::is_sorted(said.facts, {}, [](const knowledge::ProviderFact& fact) { return fact.old; }));
    CHECK(std::ranges::count(said.codes, "[AUTHENTICATIONFAILED]", &report::CodeLine::code) == 1);
}
