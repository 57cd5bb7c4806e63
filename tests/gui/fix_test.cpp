// Fix: steps, what is handed on, and what changed after a repetition. Learn: the words.
#include "gui/model/fix.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "gui/model/learn.h"
#include "gui/model/scenes.h"

using namespace maildoctor;
using namespace maildoctor::gui;

TEST_CASE("ticks stay when the same run is told in another language", "[gui][fix]") {
    FixModel fix;
    fix.from_report(example_report(Language::english), Language::english);
    REQUIRE(fix.steps().size() > 1);
    fix.steps()[1].done = true;
    const std::string first = fix.steps()[0].text;
    fix.from_report(example_report(Language::german), Language::german);
    CHECK(fix.steps()[1].done);
    CHECK(fix.steps()[0].text != first);
}

TEST_CASE("what is handed on is complete and masked", "[gui][fix]") {
    FixModel fix;
    fix.program = "thunderbird";
    fix.from_report(example_report(Language::english), Language::english);
    CHECK(fix.for_customer().find("1. ") != std::string::npos);
    CHECK(fix.for_customer().find(fix.guide_name()) != std::string::npos);
    const std::string ticket = fix.ticket(Language::english);
    CHECK(ticket.find("web.hoster.example") != std::string::npos);
    CHECK(fix.html(Language::english).starts_with("<!DOCTYPE html>"));
    CHECK(fix.json().starts_with("{"));
    CHECK(fix.file_stem() == "maildoctor-example.org-2026-11-22");
    REQUIRE_FALSE(fix.findings().empty());
    for (const FindingCard& finding : fix.findings())
        CHECK_FALSE(finding.message.empty());
}

TEST_CASE("only what failed is repeated", "[gui][fix]") {
    FixModel fix;
    Report report = example_report(Language::english);
    fix.from_report(report, Language::english);
    auto request = fix.repetition();
    REQUIRE(request);
    CHECK(request->only_typed);
    REQUIRE(request->incoming);
    CHECK(request->incoming->port.number() == 993);
    CHECK_FALSE(request->outgoing);
    report.findings.front().subject = {.host = "example.org"};
    fix.from_report(report, Language::english);
    CHECK_FALSE(fix.repetition()->only_typed);
    report.verdict = Verdict::ok;
    fix.from_report(report, Language::english);
    CHECK_FALSE(fix.repetition());
}

TEST_CASE("a repetition shows what changed", "[gui][fix]") {
    const Report before = example_report(Language::english);
    Report after = before;
    CHECK(std::ranges::none_of(changes_between(before, after, Language::english), &Change::better));
    after.findings.clear();
    after.observations[4].tls->faults.clear();
    after.observations[4].tls->verified = true;
    const auto changes = changes_between(before, after, Language::english);
    REQUIRE(changes.size() == 2);
    CHECK(changes[0].better);
    CHECK(changes[1].what.find("mail.example.org:993") != std::string::npos);
    CHECK(changes[1].better);
}

TEST_CASE("words are found by what people type", "[gui][learn]") {
    LearnModel learn;
    learn.load(Language::english);
    CHECK(learn.entries().size() > 40);
    learn.wanted = "POP 3";
    REQUIRE_FALSE(learn.found().empty());
    CHECK(learn.entries()[learn.found().front()].id == "pop3");
    learn.wanted = "no such word at all";
    CHECK(learn.found().empty());
    REQUIRE(learn.entry("relay") != nullptr);
    CHECK(learn.entry("relay")->picture == Picture::relay);
    const auto pictures =
        std::ranges::count_if(learn.entries(), [](const Entry& e) { return e.picture != Picture::none; });
    CHECK(pictures >= 20);
    for (const Entry& entry : learn.entries())
        for (const std::string& id : entry.see)
            CHECK(learn.entry(id) != nullptr);
}
