// The call script asks what tells most, and ends in a report.
#include "gui/model/call_script.h"

#include <catch2/catch.hpp>

using namespace maildoctor;
using namespace maildoctor::gui;

namespace {

/// Answers like a caller with this fault would: always the answer that the fault makes likeliest.
Cause outcome(CallScript& script, std::initializer_list<std::pair<std::string_view, std::size_t>> answers) {
    while (const auto number = script.next()) {
        std::size_t choice = script.answers(*number).size();  // does not know
        for (const auto& [question, answer] : answers)
            if (std::string_view(script.question(*number).english).find(question) != std::string_view::npos)
                choice = answer;
        script.answer(*number, choice);
    }
    return script.suspects(Language::english).front().cause;
}

}  // namespace

TEST_CASE("questions are never repeated and come to an end", "[gui][call]") {
    CallScript script;
    std::size_t asked = 0;
    while (const auto number = script.next()) {
        for (const CallScript::Given& given : script.given())
            CHECK(given.question != *number);
        script.answer(*number, 0);
        REQUIRE(++asked < 20);
    }
    CHECK(asked > 0);
}

TEST_CASE("answers lead to the cause", "[gui][call]") {
    CallScript offline, full, antivirus, relay;
    CHECK(outcome(offline, {{"web pages", 1}, {"What does not work", 2}, {"message say", 1}}) ==
          Cause::client_offline);
    CHECK(outcome(full, {{"message say", 3}, {"What does not work", 0}, {"web pages", 0}}) ==
          Cause::mailbox_over_quota);
    CHECK(outcome(relay, {{"What does not work", 1}, {"one recipient", 0}, {"message say", 2}}) ==
          Cause::smtp_recipient_unknown);
    CHECK(outcome(antivirus, {{"date", 1}, {"certificate", 0}}) == Cause::client_clock_wrong);
}

TEST_CASE("going back forgets the last answer", "[gui][call]") {
    CallScript script;
    const auto first = script.next();
    REQUIRE(first);
    script.answer(*first, 0);
    script.back();
    CHECK(script.next() == first);
    CHECK(script.given().empty());
}

TEST_CASE("what the caller does not know tells nothing", "[gui][call]") {
    CallScript script;
    const auto before = script.suspects(Language::english);
    const auto number = script.next();
    script.answer(*number, script.answers(*number).size());
    const auto after = script.suspects(Language::english);
    CHECK(after.front().cause == before.front().cause);
    CHECK(after.front().share == Approx(before.front().share));
    CHECK(script.next() != number);
}

TEST_CASE("the end is a report with the answers as evidence", "[gui][call]") {
    CallScript script;
    outcome(script, {{"message say", 3}, {"What does not work", 0}});
    const Report report = script.report({}, Language::german, "0.1.0");
    CHECK(report.verdict == Verdict::problem);
    REQUIRE_FALSE(report.findings.empty());
    CHECK(report.findings.front().primary);
    CHECK(report.findings.front().cause == Cause::mailbox_over_quota);
    CHECK(report.findings.front().evidence.size() >= 1);
    CHECK_FALSE(report.findings.front().fixes.empty());
    CHECK(CallScript().report({}, Language::english, "0.1.0").verdict == Verdict::inconclusive);
}
