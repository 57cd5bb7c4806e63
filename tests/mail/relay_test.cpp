// Open-relay tests: what is asked, where it stops, and what it amounts to.
#include "core/mail/relay.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "core/async/loop.h"
#include "core/mail/dialog.h"
#include "tests/mail/scripted_stream.h"

using namespace maildoctor;
using maildoctor::mail::DialogPlan;
using maildoctor::mail::RelayGrade;
using maildoctor::mail::RelayPlan;
using maildoctor::mail::RelayResult;
using maildoctor::testing::ScriptedStream;
using Words = std::vector<std::string>;

namespace {

const std::string head = "S: 220 mx.own.test ESMTP\nC: EHLO [127.0.0.1]\nS: 250 mx.own.test\n";
const std::string baseline =
    "C: MAIL FROM:<maildoctor@example.com>\nS: 250 ok\nC: RCPT TO:<nobody@own.test>\n";
const std::string foreign =
    "C: MAIL FROM:<maildoctor@example.com>\nS: 250 ok\nC: RCPT TO:<maildoctor@example.org>\n";
const std::string reset = "C: RSET\nS: 250 ok\n";

RelayPlan plan_for_tests() {
    RelayPlan plan{.own_domain = "own.test",
                   .server_name = "mx.own.test",
                   .address = IpAddress::from("192.0.2.7"),
                   .nobody = "nobody"};
    plan.pause = std::chrono::milliseconds{0};
    return plan;
}

Task<RelayResult> dialog_and_relay(net::StreamPtr stream, RelayPlan plan) {
    DialogPlan dialog{
        .protocol = Protocol::smtp, .security = Security::none, .host = *HostName::from("mx.own.test")};
    dialog.stop_after_capabilities = false;
    const Deadline deadline = Deadline::after(std::chrono::seconds{10});
    auto opened = co_await mail::run_dialog(dialog, std::move(stream), {}, deadline);
    if (!opened.session) throw std::runtime_error("the dialog failed");
    co_return co_await mail::relay_test(opened.session, std::move(plan), deadline);
}

RelayResult run(const std::string& script, RelayPlan plan = plan_for_tests()) {
    const auto server = std::make_shared<ScriptedStream>(head + script);
    async::Loop loop;
    RelayResult result = loop.run_for(dialog_and_relay(server, std::move(plan)));
    CHECK(server->surprises() == Words{});
    CHECK(server->left() == 0);
    CHECK(server->is_closed());
    return result;
}

/// A server that answers each RCPT of a full test alike.
std::string full_script(const RelayPlan& plan, const std::string& answer) {
    std::string script = baseline + "S: 550 5.1.1 unknown\n" + reset;
    for (const auto& pattern : mail::relay_patterns(plan))
        script += "C: MAIL FROM:<" + pattern.sender + ">\nS: 250 ok\nC: RCPT TO:<" + pattern.recipient +
                  ">\nS: " + answer + "\n" + reset;
    return script + "C: QUIT\n";
}

}  // namespace

TEST_CASE("relay, basic: grades what two recipients show", "[mail][relay][smtp.open-relay]") {
    const auto [nobody, stranger, grade] = GENERATE(table<std::string, std::string, RelayGrade>({
        {"550 5.1.1 unknown", "554 5.7.1 Relay access denied", RelayGrade::refused},
        {"550 5.1.1 unknown", "250 ok", RelayGrade::accepts},
        {"550 5.1.1 unknown", "530 5.7.0 Must log in first", RelayGrade::asks_for_login},
        {"250 ok", "554 5.7.1 Relay access denied", RelayGrade::refused},
        {"550 5.1.1 unknown", "450 4.2.0 Greylisted", RelayGrade::not_tested},
    }));
    const RelayResult result = run(baseline + "S: " + nobody + "\n" + reset + foreign + "S: " + stranger +
                                   "\n" + reset + "C: QUIT\n");
    CHECK(result.grade == grade);
    REQUIRE(result.attempts.size() == 1);
    CHECK(result.attempts[0].reply == stranger);
    CHECK(result.data_code == 0);
    CHECK_FALSE(result.after_login);
}

TEST_CASE("relay: who accepts the empty path as well accepts anything and proves nothing", "[mail][relay]") {
    const auto [empty, grade] = GENERATE(table<std::string, RelayGrade>({
        {"250 ok", RelayGrade::proves_nothing},
        {"501 5.1.3 Bad recipient address syntax", RelayGrade::accepts},  // as an open Postfix does
    }));
    const RelayResult result = run(baseline + "S: 250 ok\n" + reset + foreign +
                                   "S: 250 ok\nC: RCPT TO:<>\nS: " + empty + "\n" + reset + "C: QUIT\n");
    CHECK(result.grade == grade);
    REQUIRE(result.impossible);
    CHECK(result.impossible->reply == empty);
}

TEST_CASE("relay: a refused sender says nothing about relaying", "[mail][relay]") {
    const std::string refused =
        "C: MAIL FROM:<maildoctor@example.com>\nS: 550 5.1.8 Sender domain has a null MX\n" + reset;
    const RelayResult result = run(refused + refused + "C: QUIT\n");
    CHECK(result.grade == RelayGrade::not_tested);
    CHECK(result.stopped.contains("sender"));
}

TEST_CASE("relay: stops at 421 and at the second \"not now\"", "[mail][relay]") {
    const RelayResult closing = run(baseline + "S: 421 4.7.0 Too many errors\n");
    CHECK(closing.grade == RelayGrade::not_tested);
    CHECK(closing.stopped.contains("421"));
    RelayPlan plan = plan_for_tests();
    plan.full = true;
    const RelayResult twice =
        run(baseline + "S: 450 later\n" + reset + "C: MAIL FROM:<maildoctor@example.com>\nS: 451 later\n" +
                reset + "C: QUIT\n",
            plan);
    CHECK(twice.stopped.contains("twice"));
    CHECK(twice.attempts.size() == 1);
}

TEST_CASE("relay, full: asks nmap's sixteen patterns and more", "[mail][relay]") {
    RelayPlan plan = plan_for_tests();
    plan.full = true;
    const auto patterns = mail::relay_patterns(plan);
    CHECK(patterns.size() == 24);
    const auto recipient = [&patterns](const std::string& name) {
        const auto found = std::ranges::find(patterns, name, &mail::RelayPattern::name);
        REQUIRE(found != patterns.end());
        return found->recipient;
    };
    CHECK(recipient("nmap-5") == "maildoctor%example.org@[192.0.2.7]");
    CHECK(recipient("nmap-7") == "\"maildoctor@example.org\"");
    CHECK(recipient("nmap-12") == "@[192.0.2.7]:maildoctor@example.org");
    CHECK(recipient("nmap-13") == "@mx.own.test:maildoctor@example.org");
    CHECK(recipient("nmap-16") == "example.org!maildoctor@mx.own.test");
    const RelayResult result = run(full_script(plan, "554 5.7.1 Relay access denied"), plan);
    CHECK(result.grade == RelayGrade::refused);
    CHECK(result.attempts.size() == 24);
    plan.address.reset();
    CHECK(mail::relay_patterns(plan).size() == 18);
}

TEST_CASE("relay, full: at 354 the connection is closed without another octet", "[mail][relay]") {
    RelayPlan plan = plan_for_tests();
    plan.full = true;
    const auto server = std::make_shared<ScriptedStream>(head + baseline + "S: 550 unknown\n" + reset +
                                                         foreign + "S: 250 ok\nC: DATA\nS: 354 go on\n");
    async::Loop loop;
    const RelayResult result = loop.run_for(dialog_and_relay(server, plan));
    CHECK(server->surprises() == Words{});
    CHECK(server->sent().ends_with("DATA\r\n"));
    CHECK(server->is_closed());
    CHECK(result.grade == RelayGrade::accepts_data);
    CHECK(result.data_code == 354);
}

TEST_CASE("relay, full: accepted at RCPT and refused at DATA is no open relay", "[mail][relay]") {
    RelayPlan plan = plan_for_tests();
    plan.full = true;
    std::string script = full_script(plan, "250 ok");
    const auto first = script.find("RCPT TO:<maildoctor@example.org>\nS: 250 ok\n");
    script.insert(first + std::string("RCPT TO:<maildoctor@example.org>\nS: 250 ok\n").size(),
                  "C: DATA\nS: 550 5.7.1 no\n");
    const RelayResult result = run(script, plan);
    CHECK(result.grade == RelayGrade::proves_nothing);
    CHECK(result.data_code == 550);
}

TEST_CASE("relay, full: DATA is never tried where the impossible is accepted too", "[mail][relay]") {
    RelayPlan plan = plan_for_tests();
    plan.full = true;
    std::string script = full_script(plan, "250 ok");
    script.replace(script.find("S: 550 5.1.1 unknown"), 20, "S: 250 ok");
    const std::string first = "RCPT TO:<maildoctor@example.org>\nS: 250 ok\n";
    script.insert(script.find(first) + first.size(), "C: RCPT TO:<>\nS: 250 ok\n");
    CHECK(run(script, plan).grade == RelayGrade::proves_nothing);
}

TEST_CASE("relay, full: goes on over a new connection after eight patterns", "[mail][relay]") {
    struct Reopen {
        static Task<mail::SessionPtr> next(std::shared_ptr<ScriptedStream> stream) {
            co_return std::make_shared<mail::Session>(Protocol::smtp, std::move(stream),
                                                      mail::DialogLimits{});
        }
    };
    RelayPlan plan = plan_for_tests();
    plan.full = true;
    const auto patterns = mail::relay_patterns(plan);
    std::vector<std::shared_ptr<ScriptedStream>> servers;
    std::string script = head + baseline + "S: 550 unknown\n" + reset;
    for (std::size_t i = 0; i < patterns.size(); ++i) {
        script += "C: MAIL FROM:<" + patterns[i].sender + ">\nS: 250 ok\nC: RCPT TO:<" +
                  patterns[i].recipient + ">\nS: 554 no\n" + reset;
        if (i % 8 != 7) continue;
        servers.push_back(std::make_shared<ScriptedStream>(script + "C: QUIT\n"));
        script.clear();
    }
    REQUIRE(servers.size() == 3);
    std::size_t used = 0;
    plan.reopen = [&] { return Reopen::next(servers[++used]); };
    async::Loop loop;
    const RelayResult result = loop.run_for(dialog_and_relay(servers.front(), plan));
    CHECK(result.grade == RelayGrade::refused);
    CHECK(result.attempts.size() == patterns.size());
    for (const auto& server : servers) {
        CHECK(server->surprises() == Words{});
        CHECK(server->left() == 0);
        CHECK(server->is_closed());
    }
}

TEST_CASE("relay: names that would break the protocol are never sent", "[mail][relay][hostile]") {
    RelayPlan plan = plan_for_tests();
    const std::string bad = GENERATE("a@b\r\nDATA", "no-at-sign", "<a@b>", "a b@c");
    plan.recipient = bad;
    const RelayResult result = run("", plan);
    REQUIRE(result.failure);
    CHECK(result.failure->kind == FailureKind::not_possible);
}

TEST_CASE("relay: a broken connection is told", "[mail][relay]") {
    const RelayResult result =
        run(baseline + "S: 550 unknown\n" + reset + "C: MAIL FROM:<maildoctor@example.com>\nS! closes\n");
    REQUIRE(result.failure);
    CHECK(result.failure->kind == FailureKind::peer_closed);
    CHECK(result.grade == RelayGrade::not_tested);
}
