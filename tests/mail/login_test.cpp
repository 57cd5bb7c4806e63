// Logging in: every mechanism over every protocol, refusals, and that no secret stays in a record.
#include "core/mail/login.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "core/async/loop.h"
#include "core/mail/dialog.h"
#include "core/model/text.h"
#include "core/protocol/sasl_encoding.h"
#include "tests/mail/sasl_server.h"
#include "tests/mail/scripted_stream.h"

using namespace maildoctor;
using maildoctor::mail::DialogPlan;
using maildoctor::mail::LoginPlan;
using maildoctor::mail::LoginResult;
using maildoctor::mail::SessionPtr;
using maildoctor::testing::SaslAccount;
using maildoctor::testing::SaslServer;
using maildoctor::testing::ScriptedStream;
using Words = std::vector<std::string>;
using Outcome = LoginResult::Outcome;

namespace {

const Deadline soon() {
    return Deadline::after(std::chrono::seconds{10});
}

LoginPlan plan_with(std::string password, Words mechanisms = {}) {
    LoginPlan plan{.user = "user@example.test",
                   .secret = std::make_shared<const Secret>(std::move(password)),
                   .host = *HostName::from("mail.example.test"),
                   .port = *Port::from(993)};
    plan.mechanisms = std::move(mechanisms);
    plan.address = "user@example.test";
    return plan;
}

struct LoggedIn {
    LoginResult result;
    SessionPtr session;
};

Task<LoggedIn> dialog_and_login(Protocol protocol, Security security, net::StreamPtr stream,
                                net::Upgrade upgrade, LoginPlan plan) {
    DialogPlan dialog{
        .protocol = protocol, .security = security, .host = *HostName::from("mail.example.test")};
    dialog.stop_after_capabilities = false;
    dialog.try_starttls_if_offered = false;
    auto opened = co_await mail::run_dialog(dialog, std::move(stream), std::move(upgrade), soon());
    if (!opened.session) throw std::runtime_error("the dialog failed");
    LoggedIn out{.result = {}, .session = opened.session};
    out.result = co_await mail::log_in(opened.session, std::move(plan), soon());
    co_return out;
}

LoggedIn log_in_at(const std::shared_ptr<SaslServer>& server, Protocol protocol, LoginPlan plan,
                   net::ChannelBindings bindings = {}) {
    async::Loop loop;
    return loop.run_for(dialog_and_login(protocol, Security::tls, server,
                                         SaslServer::upgrade(std::move(bindings)), std::move(plan)));
}

LoggedIn log_in_by_script(Protocol protocol, const std::shared_ptr<ScriptedStream>& server, LoginPlan plan,
                          Security security = Security::tls) {
    async::Loop loop;
    LoggedIn out = loop.run_for(
        dialog_and_login(protocol, security, server, ScriptedStream::upgrade(), std::move(plan)));
    CHECK(server->surprises() == Words{});
    CHECK(server->left() == 0);
    return out;
}

/// Everything that a login leaves, in one text.
std::string remains(const LoggedIn& done) {
    std::string out = done.result.refusal + "\n" + (done.result.failure ? done.result.failure->text : "") +
                      "\n" + done.session->facts.refusal + "\n";
    for (const std::string& notice : done.result.notices)
        out += notice + "\n";
    for (const TranscriptLine& line : done.session->transcript().lines())
        out += line.text + "\n";
    if (done.result.after) out += done.result.after->refusal;
    return out;
}

void check_no_secret(const LoggedIn& done, const std::string& user, const std::string& password) {
    const std::string text = remains(done);
    const Secret secret{std::string(password)};
    CHECK_FALSE(text.contains(password));
    CHECK_FALSE(text.contains(protocol::base64(password)));
    CHECK_FALSE(text.contains(protocol::base64(protocol::plain_message(user, secret).reveal())));
    CHECK_FALSE(text.contains(protocol::base64(protocol::xoauth2_message(user, secret).reveal())));
}

}  // namespace

TEST_CASE("login: each mechanism of GNU SASL's server side over each protocol", "[mail][login][sasl]") {
    const auto protocol = GENERATE(Protocol::smtp, Protocol::pop3, Protocol::imap);
    const std::string mechanism = GENERATE("PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-1",
                                           "SCRAM-SHA-256", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS");
    const bool sasl_ir = GENERATE(true, false);
    SaslAccount account;
    account.bindings.tls_exporter = std::string(32, '\x5A');
    const auto server = std::make_shared<SaslServer>(protocol, mechanism, account, sasl_ir);
    INFO(word(protocol) << " " << mechanism << " " << sasl_ir);
    const LoggedIn good =
        log_in_at(server, protocol, plan_with(account.password, {mechanism}), account.bindings);
    CHECK(good.result.outcome == Outcome::accepted);
    CHECK(good.result.mechanism == mechanism);
    CHECK(server->logged_in());
    CHECK(good.session->logged_in);
    CHECK(good.result.secret_sent);
    REQUIRE(good.result.after);
    CHECK(good.result.after->works);
    if (protocol == Protocol::pop3) CHECK(good.result.after->messages == 2);
    if (protocol == Protocol::imap) CHECK(good.result.after->messages == 17);
    check_no_secret(good, account.user, account.password);
}

TEST_CASE("login: a wrong password is refused in the server's words, by each mechanism",
          "[mail][login][sasl][auth.bad-credentials]") {
    const auto protocol = GENERATE(Protocol::smtp, Protocol::pop3, Protocol::imap);
    const std::string mechanism =
        GENERATE("PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256");
    const auto server = std::make_shared<SaslServer>(protocol, mechanism, SaslAccount{});
    const std::string password = "wrong pass phrase";
    const LoggedIn done = log_in_at(server, protocol, plan_with(password, {mechanism}));
    INFO(word(protocol) << " " << mechanism);
    CHECK(done.result.outcome == Outcome::refused);
    CHECK(done.result.counts());
    CHECK(done.result.verifier_needed == (mechanism != "PLAIN" && mechanism != "LOGIN"));
    CHECK_FALSE(done.result.after);
    CHECK_FALSE(done.session->logged_in);
    if (protocol == Protocol::smtp) CHECK(done.result.refusal_code == 535);
    if (protocol == Protocol::smtp) CHECK(done.result.response_code == "5.7.8");
    if (protocol == Protocol::pop3) CHECK(done.result.response_code == "AUTH");
    if (protocol == Protocol::imap) CHECK(done.result.response_code == "AUTHENTICATIONFAILED");
    check_no_secret(done, "user@example.test", password);
}

TEST_CASE("login: channel bindings of another connection are refused", "[mail][login][sasl]") {
    SaslAccount account;
    account.bindings.tls_exporter = std::string(32, 'a');
    const auto server = std::make_shared<SaslServer>(Protocol::imap, "SCRAM-SHA-256-PLUS", account);
    const LoggedIn done =
        log_in_at(server, Protocol::imap, plan_with(account.password, {"SCRAM-SHA-256-PLUS"}),
                  {.tls_exporter = std::string(32, 'b')});
    CHECK(done.result.outcome == Outcome::refused);
    const LoggedIn none =
        log_in_at(std::make_shared<SaslServer>(Protocol::imap, "SCRAM-SHA-256-PLUS", account), Protocol::imap,
                  plan_with(account.password, {"SCRAM-SHA-256-PLUS"}));
    CHECK(none.result.outcome == Outcome::broken);
    REQUIRE(none.result.failure);
    CHECK(none.result.failure->kind == FailureKind::not_possible);
}

TEST_CASE("login: APOP as in RFC 1939", "[mail][login][pop3]") {
    const auto server = std::make_shared<SaslServer>(Protocol::pop3, "PLAIN", SaslAccount{});
    LoginPlan plan = plan_with("tanstaaf", {"APOP"});
    plan.user = "mrose";
    const LoggedIn done = log_in_at(server, Protocol::pop3, plan);
    CHECK(done.result.outcome == Outcome::accepted);
    CHECK(done.result.verifier_needed);
    CHECK_FALSE(remains(done).contains("c4c9334bac560ecc979e58001b3e22fb"));
}

TEST_CASE("login: nothing is sent without a protected connection", "[mail][login]") {
    const auto plain =
        std::make_shared<ScriptedStream>("S: 220 x\nC: EHLO [127.0.0.1]\nS: 250-x\nS: 250 AUTH PLAIN\n");
    const LoggedIn unencrypted =
        log_in_by_script(Protocol::smtp, plain, plan_with("geheim123"), Security::none);
    CHECK(unencrypted.result.outcome == Outcome::not_protected);
    CHECK_FALSE(unencrypted.result.secret_sent);
    CHECK_FALSE(plain->sent().contains("AUTH"));
    const auto unverified = std::make_shared<ScriptedStream>(
        "T: unverified\nS: 220 x\nC: EHLO [127.0.0.1]\nS: 250-x\nS: 250 AUTH PLAIN\n");
    CHECK(log_in_by_script(Protocol::smtp, unverified, plan_with("geheim123")).result.outcome ==
          Outcome::not_protected);
    CHECK_FALSE(unverified->sent().contains("AUTH"));
}

TEST_CASE("login: over an unprotected connection only when told, and then it is said", "[mail][login]") {
    const std::string blob =
        protocol::base64(protocol::plain_message("user@example.test", Secret("geheim123")).reveal());
    const auto server = std::make_shared<ScriptedStream>(
        "S: 220 x\nC: EHLO [127.0.0.1]\nS: 250-x\nS: 250 AUTH PLAIN\nC: AUTH PLAIN " + blob +
        "\nS: 235 ok\nC: MAIL FROM:<user@example.test>\nS: 250 ok\nC: RSET\nS: 250 ok\n");
    LoginPlan plan = plan_with("geheim123");
    plan.allow_unprotected = true;
    const LoggedIn done = log_in_by_script(Protocol::smtp, server, plan, Security::none);
    CHECK(done.result.outcome == Outcome::accepted);
    CHECK(done.result.unprotected);
    check_no_secret(done, plan.user, "geheim123");
}

TEST_CASE("login: chooses as mail programs do", "[mail][login]") {
    const auto [offer, token, wanted] = GENERATE(table<std::string, bool, std::string>({
        {"CRAM-MD5 SCRAM-SHA-1 LOGIN PLAIN", false, "PLAIN"},
        {"CRAM-MD5 LOGIN", false, "LOGIN"},
        {"SCRAM-SHA-1 SCRAM-SHA-256", false, "SCRAM-SHA-256"},
        {"CRAM-MD5 DIGEST-MD5 NTLM GSSAPI", false, ""},
        {"PLAIN XOAUTH2 OAUTHBEARER", true, "XOAUTH2"},
        {"PLAIN OAUTHBEARER", true, "OAUTHBEARER"},
        {"PLAIN LOGIN", true, ""},
        {"XOAUTH2", false, ""},
    }));
    mail::Session session(Protocol::smtp, nullptr, {});
    session.smtp.auth = protocol::read_ehlo({.code = 250, .lines = {"x", "AUTH " + offer}}).auth;
    LoginPlan plan = plan_with("x");
    plan.secret_is_token = token;
    CHECK(mail::choose_mechanism(session, plan) == wanted);
    plan.mechanisms = {"CRAM-MD5"};
    plan.secret_is_token = false;
    CHECK(mail::choose_mechanism(session, plan) == (offer.contains("CRAM-MD5") ? "CRAM-MD5" : ""));
    plan.insist = true;
    CHECK(mail::choose_mechanism(session, plan) == "CRAM-MD5");
}

TEST_CASE("login: without a common mechanism nothing is sent", "[mail][login][auth.mechanism-unsupported]") {
    const auto server = std::make_shared<ScriptedStream>(
        "T: verified\nS: 220 x\nC: EHLO [127.0.0.1]\nS: 250-x\nS: 250 AUTH NTLM GSSAPI\n");
    const LoggedIn done = log_in_by_script(Protocol::smtp, server, plan_with("geheim123"));
    CHECK(done.result.outcome == Outcome::no_mechanism);
    CHECK(done.result.offered == Words{"NTLM", "GSSAPI"});
    CHECK_FALSE(done.result.counts());
}

TEST_CASE("login: POP3 USER and PASS, and the mailbox's size", "[mail][login][pop3]") {
    const auto server = ScriptedStream::from_file("login-pop3-user.txt");
    const LoggedIn done = log_in_by_script(Protocol::pop3, server, plan_with("geheim123"));
    CHECK(done.result.outcome == Outcome::accepted);
    CHECK(done.result.mechanism == mail::password_command);
    REQUIRE(done.result.after);
    CHECK(done.result.after->messages == 12);
    CHECK(done.result.after->octets == 34567);
    check_no_secret(done, "user@example.test", "geheim123");
}

TEST_CASE("login: a refusal before the secret was sent does not count", "[mail][login][pop3]") {
    const auto server = std::make_shared<ScriptedStream>(
        "T: verified\nS: +OK\nC: CAPA\nS: -ERR\nC: USER user@example.test\nS: -ERR never heard of "
        "user@example.test\n");
    const LoggedIn done = log_in_by_script(Protocol::pop3, server, plan_with("geheim123"));
    CHECK(done.result.outcome == Outcome::refused);
    CHECK_FALSE(done.result.counts());
    CHECK(done.result.refusal == "-ERR never heard of user@example.test");
}

TEST_CASE("login: what means \"not now\" is no refusal of the password", "[mail][login]") {
    const std::string line = GENERATE("-ERR [IN-USE] Do you have another POP session running?",
                                      "-ERR [SYS/TEMP] later", "-ERR [LOGIN-DELAY] wait 5 minutes");
    const auto server = std::make_shared<ScriptedStream>(
        "T: verified\nS: +OK\nC: CAPA\nS: -ERR\nC: USER user@example.test\nS: +OK\nC: PASS geheim123\nS: " +
        line + "\n");
    const LoggedIn done = log_in_by_script(Protocol::pop3, server, plan_with("geheim123"));
    CHECK(done.result.outcome == Outcome::unavailable);
    CHECK_FALSE(done.result.counts());
    CHECK(done.result.refusal == line);
}

TEST_CASE("login: IMAP LOGIN with quotes, literals, and a notice on the way", "[mail][login][imap]") {
    const auto quoted = ScriptedStream::from_file("login-imap-web.txt");
    const LoggedIn refused = log_in_by_script(Protocol::imap, quoted, plan_with("ge\"heim\\1"));
    CHECK(refused.result.outcome == Outcome::refused);
    CHECK(refused.result.refusal == "NO [ALERT] Please log in via your web browser (Failure)");
    CHECK(refused.result.notices == Words{"NO [WEBALERT https://example.test/signin] Web login required."});
    check_no_secret(refused, "user@example.test", "ge\"heim\\1");
    CHECK_FALSE(remains(refused).contains("heim"));

    const auto literal = ScriptedStream::from_file("login-imap-literal.txt");
    const LoggedIn accepted = log_in_by_script(Protocol::imap, literal, plan_with("gr\xC3\xBC\xC3\x9F"));
    CHECK(accepted.result.outcome == Outcome::accepted);
    check_no_secret(accepted, "user@example.test", "gr\xC3\xBC\xC3\x9F");
}

TEST_CASE("login: XOAUTH2 and OAUTHBEARER, accepted and refused with reasons",
          "[mail][login][oauth][auth.oauth-required]") {
    const std::string token = "ya29.token-for-tests";
    const std::string x =
        protocol::base64(protocol::xoauth2_message("user@example.test", Secret(std::string(token))).reveal());
    const std::string bearer =
        protocol::base64(protocol::oauthbearer_message("user@example.test", "mail.example.test", 993,
                                                       Secret(std::string(token)))
                             .reveal());
    const std::string reasons = R"({"status":"invalid_token","scope":"mail"})";
    const std::string head = "T: verified\nS: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=";
    LoginPlan plan = plan_with(token);
    plan.secret_is_token = true;

    const auto good =
        std::make_shared<ScriptedStream>(head + "XOAUTH2] x\nC: a1 AUTHENTICATE XOAUTH2 " + x +
                                         "\nS: a1 OK\nC: a2 EXAMINE INBOX\nS: * 0 EXISTS\nS: a2 OK\n");
    CHECK(log_in_by_script(Protocol::imap, good, plan).result.outcome == Outcome::accepted);

    const auto bad_x = std::make_shared<ScriptedStream>(
        head + "XOAUTH2] x\nC: a1 AUTHENTICATE XOAUTH2 " + x + "\nS: + " + protocol::base64(reasons) +
        "\nC: \nS: a1 NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)\n");
    const LoggedIn refused_x = log_in_by_script(Protocol::imap, bad_x, plan);
    CHECK(refused_x.result.outcome == Outcome::refused);
    CHECK(refused_x.result.notices == Words{reasons});
    check_no_secret(refused_x, plan.user, token);

    const auto bad_bearer = std::make_shared<ScriptedStream>(
        head + "OAUTHBEARER] x\nC: a1 AUTHENTICATE OAUTHBEARER " + bearer + "\nS: + " +
        protocol::base64(reasons) + "\nC: AQ==\nS: a1 NO SASL authentication failed\n");
    const LoggedIn refused_bearer = log_in_by_script(Protocol::imap, bad_bearer, plan);
    CHECK(refused_bearer.result.outcome == Outcome::refused);
    CHECK_FALSE(remains(refused_bearer).contains(bearer));
}

TEST_CASE("login: an echo of the secret does not get into the record", "[mail][login][hostile]") {
    const std::string blob =
        protocol::base64(protocol::plain_message("user@example.test", Secret("geheim123")).reveal());
    const auto server = std::make_shared<ScriptedStream>(
        "T: verified\nS: 220 x\nC: EHLO [127.0.0.1]\nS: 250-x\nS: 250 AUTH PLAIN\nC: AUTH PLAIN " + blob +
        "\nS: 535-unknown command AUTH PLAIN " + blob + "\nS: 535 your password geheim123 is " +
        protocol::base64("geheim123") + "\n");
    const LoggedIn done = log_in_by_script(Protocol::smtp, server, plan_with("geheim123"));
    CHECK(done.result.refusal ==
          "535 unknown command AUTH PLAIN [hidden] your password [hidden] is [hidden]");
    check_no_secret(done, "user@example.test", "geheim123");
}

TEST_CASE("login: a server that breaks the exchange ends it", "[mail][login][hostile]") {
    const auto [answer, outcome] = GENERATE(table<std::string, Outcome>({
        {"S: 334 not*base64\nC: *\nS: 501 cancelled\n", Outcome::broken},
        {"S! closes\n", Outcome::broken},
        {"S! resets\n", Outcome::broken},
        {"S: 504 5.5.4 Unrecognized authentication type\n", Outcome::refused},
        {"S: 454 4.7.0 Temporary authentication failure\n", Outcome::unavailable},
        {"S: 334 VXNlcm5hbWU6\nC: dXNlckBleGFtcGxlLnRlc3Q=\nS: 334 UGFzc3dvcmQ6\nC: Z2VoZWltMTIz\nS: 334 "
         "bW9yZQ==\nC: *\nS: 501 x\n",
         Outcome::broken},
    }));
    const auto server = std::make_shared<ScriptedStream>(
        "T: verified\nS: 220 x\nC: EHLO [127.0.0.1]\nS: 250-x\nS: 250 AUTH LOGIN\nC: AUTH LOGIN\n" + answer);
    const LoggedIn done = log_in_by_script(Protocol::smtp, server, plan_with("geheim123"));
    CHECK(done.result.outcome == outcome);
    CHECK(done.result.failure);
    check_no_secret(done, "user@example.test", "geheim123");
}

TEST_CASE("login: names and passwords that would break the protocol are never sent",
          "[mail][login][hostile]") {
    const auto [user, password] = GENERATE(table<std::string, std::string>(
        {{"user\r\nDELE 1", "x"}, {"user", "x\r\nDELE 1"}, {"", "x"}, {"user", std::string("a\0b", 3)}}));
    const auto server = std::make_shared<ScriptedStream>("T: verified\nS: +OK\nC: CAPA\nS: -ERR\n");
    LoginPlan plan = plan_with(password);
    plan.user = user;
    CHECK(log_in_by_script(Protocol::pop3, server, plan).result.outcome == Outcome::broken);
    CHECK(server->sent() == "CAPA\r\n");
}

TEST_CASE("login: SMTP says who may send, and nothing more is done", "[mail][login][smtp.sender-not-owned]") {
    const auto server = std::make_shared<SaslServer>(Protocol::smtp, "PLAIN", SaslAccount{});
    const LoggedIn done = log_in_at(server, Protocol::smtp, plan_with(SaslAccount{}.password));
    REQUIRE(done.result.after);
    CHECK(done.result.after->works);
    CHECK(done.result.after->command == "MAIL FROM");
    const Words& commands = server->commands();
    REQUIRE(commands.size() == 4);
    CHECK(commands[2] == "MAIL FROM:<user@example.test>");
    CHECK(commands[3] == "RSET");
}
