// What logins mean: the cause behind a refusal, and what is only possible.
#include "core/diagnose/login.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/support/observations.h"

using namespace maildoctor;
using namespace maildoctor::testing;
using diagnose::Case;
using diagnose::LoginJudgement;
using State = LoginJudgement::State;

namespace {

Observation login(LoginOutcome outcome, std::string refusal = {}, Protocol protocol = Protocol::imap) {
    const bool smtp = protocol == Protocol::smtp;
    Observation seen = healthy("mail.example.test",
                               smtp                         ? 465
                               : protocol == Protocol::pop3 ? 995
                                                            : 993,
                               protocol, Security::tls, smtp ? Role::outgoing : Role::incoming);
    seen.probe = login_probe;
    seen.login =
        LoginFacts{.user = "kim@example.test",
                   .mechanism = "PLAIN",
                   .offered = {"PLAIN"},
                   .outcome = outcome,
                   .refusal = std::move(refusal),
                   .secret_sent = outcome == LoginOutcome::accepted || outcome == LoginOutcome::refused};
    if (outcome == LoginOutcome::accepted) seen.login->after_works = true;
    return seen;
}

LoginJudgement judge(std::vector<Observation> seen, diagnose::LoginCase login = {.budget = 2},
                     Role role = Role::incoming) {
    return diagnose::judge_login(role, Case{.observations = std::move(seen), .login = std::move(login)},
                                 knowledge::built_in());
}

bool notes(const LoginJudgement& judged, std::string_view words) {
    return std::ranges::any_of(judged.notes, [&](const std::string& note) { return note.contains(words); });
}

}  // namespace

TEST_CASE("login: without a try there is nothing to say", "[diagnose][login]") {
    CHECK(judge({}).state == State::not_asked);
    CHECK(judge({login(LoginOutcome::accepted)}, {.budget = 2}, Role::outgoing).state == State::not_asked);
}

TEST_CASE("login: each refusal is understood by the rules of pasted texts", "[diagnose][login]") {
    const auto [protocol, refusal, cause] = GENERATE(table<Protocol, std::string, Cause>({
        {Protocol::imap, "NO [AUTHENTICATIONFAILED] Authentication failed.", Cause::auth_bad_credentials},
        {Protocol::imap, "NO [ALERT] Application-specific password required: https://support.google.com",
         Cause::auth_app_password_required},
        {Protocol::smtp, "535 5.7.139 Authentication unsuccessful, basic authentication is disabled.",
         Cause::auth_oauth_required},
        {Protocol::pop3, "-ERR [SYS/PERM] POP3 access is disabled for this account",
         Cause::auth_access_disabled},
        {Protocol::imap, "NO Too many login failures, try again later", Cause::auth_rate_limited},
        {Protocol::imap, "NO Account is locked", Cause::auth_account_locked},
    }));
    const LoginJudgement judged = judge({login(LoginOutcome::refused, refusal, protocol)}, {.budget = 2},
                                        protocol == Protocol::smtp ? Role::outgoing : Role::incoming);
    CHECK(judged.state == State::fails);
    REQUIRE(judged.drafts.size() == 1);
    CHECK(cause_id(judged.drafts.front().cause) == cause_id(cause));
    CHECK_FALSE(judged.drafts.front().evidence.empty());
}

TEST_CASE("login: the refusal of a challenge method alone proves no wrong password",
          "[diagnose][login][auth.bad-credentials]") {
    Observation seen = login(LoginOutcome::refused, "NO [AUTHENTICATIONFAILED] Authentication failed.");
    seen.login->mechanism = "CRAM-MD5";
    seen.login->verifier_needed = true;
    const LoginJudgement judged = judge({seen});
    REQUIRE(judged.drafts.size() == 1);
    CHECK(judged.drafts.front().confidence == Confidence::possible);
    CHECK(std::ranges::any_of(judged.drafts.front().evidence, [](const Evidence& e) {
        return e.text.contains("CRAM-MD5") && e.text.contains("special form");
    }));
    seen.login->verifier_needed = false;
    CHECK(judge({seen}).drafts.front().confidence != Confidence::possible);
}

TEST_CASE("login: the reason may stand beside the refusal", "[diagnose][login]") {
    Observation seen = login(LoginOutcome::refused, "NO [AUTHENTICATIONFAILED] Authentication failed.");
    seen.login->notices = {"NO [ALERT] Please log in via your web browser: https://support.example"};
    CHECK(cause_id(judge({seen}).drafts.front().cause) == cause_id(Cause::auth_web_login_required));
}

TEST_CASE("login: the other form of the name works", "[diagnose][login]") {
    Observation first = login(LoginOutcome::refused, "NO [AUTHENTICATIONFAILED] Authentication failed.");
    first.login->user = "kim";
    const LoginJudgement judged =
        judge({first, login(LoginOutcome::accepted)}, {.budget = 2, .given_user = "kim"});
    CHECK(judged.state == State::fails);  // what was typed does not work
    CHECK(judged.user == "kim@example.test");
    REQUIRE(judged.drafts.size() == 1);
    CHECK(judged.drafts.front().detail == "user-name-form");
    CHECK(judge({first, login(LoginOutcome::accepted)}).state == State::works);
}

TEST_CASE("login: a token that was refused before the password worked is no wrong name",
          "[diagnose][login]") {
    Observation token = login(LoginOutcome::refused, "NO [AUTHENTICATIONFAILED] invalid token");
    token.login->mechanism = "XOAUTH2";
    const LoginJudgement judged =
        judge({token, login(LoginOutcome::accepted)}, {.budget = 2, .given_user = "kim@example.test"});
    CHECK(judged.state == State::works);
    CHECK(judged.drafts.empty());
    CHECK(notes(judged, "XOAUTH2"));
}

TEST_CASE("login: no common method, with nothing sent", "[diagnose][login][auth.mechanism-unsupported]") {
    Observation seen = login(LoginOutcome::no_mechanism);
    seen.login->offered = {"GSSAPI", "NTLM"};
    const LoginJudgement judged = judge({seen});
    REQUIRE(judged.drafts.size() == 1);
    CHECK(judged.drafts.front().cause == Cause::auth_mechanism_unsupported);
    CHECK(judged.drafts.front().confidence == Confidence::certain);
}

TEST_CASE("login: a password where tokens alone are taken", "[diagnose][login][auth.oauth-required]") {
    Observation seen = login(LoginOutcome::no_mechanism);
    seen.login->mechanism.clear();
    seen.login->offered = {"NTLM", "XOAUTH2"};
    const LoginJudgement judged = judge({seen});
    REQUIRE(judged.drafts.size() == 1);
    CHECK(judged.drafts.front().cause == Cause::auth_oauth_required);
    CHECK(judged.drafts.front().evidence.front().text.contains("XOAUTH2"));
}

TEST_CASE("login: what could not be tried is open, with the reason", "[diagnose][login]") {
    const LoginJudgement judged = judge(
        {}, {.budget = 2, .skipped = {{.role = Role::incoming, .because = "somebody asked for a pause"}}});
    CHECK(judged.state == State::open);
    REQUIRE(judged.not_tested.size() == 1);
    CHECK(judged.not_tested.front().because == "somebody asked for a pause");
    CHECK(judge({login(LoginOutcome::not_protected)}).state == State::open);
    CHECK(judge({login(LoginOutcome::broken)}).state == State::open);
}

TEST_CASE("login: a server that cannot check the password for now gets no verdict on it",
          "[diagnose][login]") {
    const LoginJudgement judged =
        judge({login(LoginOutcome::unavailable, "NO [UNAVAILABLE] Temporary failure")});
    REQUIRE(judged.drafts.size() == 1);
    CHECK(cause_id(judged.drafts.front().cause) != cause_id(Cause::auth_bad_credentials));
}

TEST_CASE("login: what an unprotected login risked is said", "[diagnose][login]") {
    Observation seen = login(LoginOutcome::accepted);
    seen.login->unprotected = true;
    seen.tls->verified = false;
    CHECK(notes(judge({seen}), "does not prove who it is"));
    seen.tls.reset();
    CHECK(notes(judge({seen}), "without encryption"));
}

TEST_CASE("login: sending as somebody else is healthy when it is refused",
          "[diagnose][login][smtp.sender-not-owned][smtp.sender-not-checked]") {
    Observation seen = login(LoginOutcome::accepted, {}, Protocol::smtp);
    seen.login->other_sender =
        AddressTrial{.address = "boss@example.test", .code = 553, .reply = "553 not owned"};
    seen.login->foreign_recipient = AddressTrial{.address = "x@example.org", .code = 250, .reply = "250 ok"};
    const LoginJudgement healthy = judge({seen}, {.budget = 2}, Role::outgoing);
    CHECK(healthy.drafts.empty());
    CHECK(notes(healthy, "as it should be: 553 not owned"));
    CHECK(notes(healthy, "takes recipients at other domains"));
    seen.login->other_sender->code = 250;
    const LoginJudgement open = judge({seen}, {.budget = 2}, Role::outgoing);
    CHECK(open.state == State::works);
    REQUIRE(open.drafts.size() == 1);
    CHECK(open.drafts.front().cause == Cause::smtp_sender_not_checked);
    CHECK(open.drafts.front().severity == Severity::info);
    CHECK(open.drafts.front().evidence.front().text.contains("boss@example.test"));
}

TEST_CASE("login: tries and refusals are counted over all servers", "[diagnose][login]") {
    Case seen{.observations = {login(LoginOutcome::refused, "NO"), login(LoginOutcome::accepted),
                               login(LoginOutcome::no_mechanism)},
              .login = {.budget = 2}};
    CHECK(diagnose::login_count(seen) ==
          "Logins tried: 2, refused: 1; at most 2 may be refused in one check.");
    CHECK(diagnose::login_count({}).empty());
}

TEST_CASE("login: a refused token is not called a wrong password",
          "[diagnose][login][auth.bad-credentials]") {
    Observation seen = login(LoginOutcome::refused, "NO [AUTHENTICATIONFAILED] Authentication failed.");
    seen.login->mechanism = GENERATE("XOAUTH2", "OAUTHBEARER");
    seen.login->notices = {R"({"status":"401","schemes":"bearer","scope":"mail"})"};
    const LoginJudgement judged = judge({seen});
    REQUIRE(judged.drafts.size() == 1);
    CHECK(judged.drafts.front().cause == Cause::auth_bad_credentials);
    CHECK(judged.drafts.front().variant == "token");
    CHECK(judged.drafts.front().confidence != Confidence::possible);
}
