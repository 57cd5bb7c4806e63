#include "core/mail/login.h"

#include <Poco/DigestEngine.h>
#include <Poco/MD5Engine.h>

#include <algorithm>
#include <utility>

#include "core/mail/sasl_client.h"
#include "core/mail/sasl_exchange.h"
#include "core/model/text.h"
#include "core/protocol/sasl_encoding.h"
#include "core/protocol/words.h"

namespace maildoctor::mail {
namespace {

using Outcome = LoginResult::Outcome;
using Words = std::vector<std::string>;
using protocol::ImapResponse;
using protocol::Pop3Status;

constexpr std::size_t most_notices = 8;
constexpr std::size_t most_notice = 512;

/// What mail programs use without being told, best first. Over verified TLS the password itself is safe, and
/// every server has what it needs to check it.
const Words& usual_for_passwords() {
    static const Words list = {"PLAIN", "LOGIN", std::string(password_command), "SCRAM-SHA-256",
                               "SCRAM-SHA-1"};
    return list;
}
const Words& usual_for_tokens() {
    static const Words list = {"XOAUTH2", "OAUTHBEARER"};
    return list;
}

bool holds(const Words& list, std::string_view word) {
    return std::ranges::find(list, word) != list.end();
}

/// MD5 over the greeting's stamp and the password, as lower-case hexadecimal (RFC 1939 section 7).
Secret apop_digest(const std::string& stamp, const Secret& password) {
    Poco::MD5Engine md5;
    md5.update(stamp);
    md5.update(password.reveal().data(), password.reveal().size());
    return Secret(Poco::DigestEngine::digestToHex(md5.digest()));
}

bool holds_control(std::string_view text) {
    return std::ranges::any_of(text,
                               [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

/// APOP and the commands that carry a password as it is: one method each, all ending in a LoginAnswer.
struct Login {
    SessionPtr session;
    LoginPlan plan;
    Deadline deadline;
    LoginResult result{};

    Task<Result<LoginAnswer>> use(std::string mechanism);
    Task<Result<LoginAnswer>> user_and_pass();
    Task<Result<LoginAnswer>> apop();
    Task<Result<LoginAnswer>> imap_login();
    Task<Result<LoginAnswer>> imap_login_with_literals();
    Task<Result<LoginAnswer>> sasl(std::string mechanism);
    Task<Result<bool>> go_ahead(std::string tag, LoginAnswer* refusal);
    void hide_secrets() const;
    void judge(const LoginAnswer& answer);
};

/// The secret in every form that it takes on the wire, so that no echo of it gets into the record.
void Login::hide_secrets() const {
    const Secret& secret = *plan.secret;
    session->hide(
        std::make_shared<const Secret>(protocol::base64_secret(protocol::plain_message(plan.user, secret))));
    session->hide(std::make_shared<const Secret>(protocol::base64_secret(secret)));
    if (plan.secret_is_token) {
        session->hide(std::make_shared<const Secret>(
            protocol::base64_secret(protocol::xoauth2_message(plan.user, secret))));
        session->hide(std::make_shared<const Secret>(protocol::base64_secret(
            protocol::oauthbearer_message(plan.user, plan.host.text(), plan.port.number(), secret))));
    }
    session->hide(plan.secret);
    for (const auto& other : plan.never_shown) {
        session->hide(std::make_shared<const Secret>(protocol::base64_secret(*other)));
        session->hide(other);
    }
}

Task<Result<LoginAnswer>> Login::use(std::string mechanism) {
    if (mechanism == password_command) {
        if (session->protocol() == Protocol::pop3) co_return co_await user_and_pass();
        if (session->protocol() == Protocol::imap) co_return co_await imap_login();
        co_return failed(Stage::login, FailureKind::not_possible, "SMTP has no password command");
    }
    if (mechanism == "APOP") co_return co_await apop();
    co_return co_await sasl(std::move(mechanism));
}

Task<Result<LoginAnswer>> Login::user_and_pass() {
    auto user = co_await session->pop3_command("USER " + plan.user, Stage::login, deadline);
    if (!user) co_return std::unexpected(std::move(user).error());
    if (user->kind != Pop3Status::Kind::ok) co_return answer_from(*user);
    auto line = std::make_shared<const Secret>(protocol::joined_secret("PASS ", *plan.secret, {}));
    result.secret_sent = true;
    auto sent = co_await session->send_secret(std::move(line), "PASS [hidden]", Stage::login, deadline);
    if (!sent) co_return std::unexpected(std::move(sent).error());
    auto pass = co_await session->pop3_status(Stage::login, deadline);
    if (!pass) co_return std::unexpected(std::move(pass).error());
    co_return answer_from(*pass);
}

Task<Result<LoginAnswer>> Login::apop() {
    if (session->facts.apop_stamp.empty())
        co_return failed(Stage::login, FailureKind::not_possible, "the greeting has no stamp for APOP");
    const auto digest = std::make_shared<const Secret>(apop_digest(session->facts.apop_stamp, *plan.secret));
    session->hide(digest);
    auto line =
        std::make_shared<const Secret>(protocol::joined_secret("APOP " + plan.user + " ", *digest, {}));
    result.secret_sent = true;
    auto sent = co_await session->send_secret(std::move(line), "APOP " + plan.user + " [hidden]",
                                              Stage::login, deadline);
    if (!sent) co_return std::unexpected(std::move(sent).error());
    auto status = co_await session->pop3_status(Stage::login, deadline);
    if (!status) co_return std::unexpected(std::move(status).error());
    co_return answer_from(*status);
}

Task<Result<LoginAnswer>> Login::imap_login() {
    const auto user = protocol::imap_quoted(plan.user);
    const auto secret = protocol::imap_quoted(*plan.secret);
    if (!user || !secret) co_return co_await imap_login_with_literals();
    std::string tag = session->next_tag();
    const std::string command = tag + " LOGIN " + *user + " ";
    auto line = std::make_shared<const Secret>(protocol::joined_secret(command, *secret, {}));
    session->hide(std::make_shared<const Secret>(protocol::joined_secret({}, *secret, {})));
    result.secret_sent = true;
    auto sent = co_await session->send_secret(std::move(line), command + "[hidden]", Stage::login, deadline);
    if (!sent) co_return std::unexpected(std::move(sent).error());
    auto answer = co_await session->imap_answer(std::move(tag), Stage::login, deadline);
    if (!answer) co_return std::unexpected(std::move(answer).error());
    co_return answer_from(*answer);
}

/// Waits for the "+" after a literal's length. @return false when the command was refused instead
Task<Result<bool>> Login::go_ahead(std::string tag, LoginAnswer* refusal) {
    constexpr int most_responses = 64;
    for (int i = 0; i < most_responses; ++i) {
        auto response = co_await session->imap_response(Stage::login, deadline);
        if (!response) co_return std::unexpected(std::move(response).error());
        if (response->kind == ImapResponse::Kind::continuation) co_return true;
        if (response->kind != ImapResponse::Kind::tagged || response->tag != tag) continue;
        *refusal = answer_from(ImapAnswer{.tagged = std::move(*response)});
        co_return false;
    }
    co_return failed(Stage::login, FailureKind::too_large, "more than 64 responses in a login");
}

/// Name and password outside ASCII go as literals (RFC 9051 section 4.3).
Task<Result<LoginAnswer>> Login::imap_login_with_literals() {
    const std::string tag = session->next_tag();
    LoginAnswer refusal;
    auto sent = co_await session->send(tag + " LOGIN {" + std::to_string(plan.user.size()) + "}",
                                       Stage::login, deadline);
    if (!sent) co_return std::unexpected(std::move(sent).error());
    auto ready = co_await go_ahead(tag, &refusal);
    if (!ready) co_return std::unexpected(std::move(ready).error());
    if (!*ready) co_return refusal;
    sent = co_await session->send(plan.user + " {" + std::to_string(plan.secret->reveal().size()) + "}",
                                  Stage::login, deadline);
    if (!sent) co_return std::unexpected(std::move(sent).error());
    ready = co_await go_ahead(tag, &refusal);
    if (!ready) co_return std::unexpected(std::move(ready).error());
    if (!*ready) co_return refusal;
    result.secret_sent = true;
    sent = co_await session->send_secret(plan.secret, "[hidden]", Stage::login, deadline);
    if (!sent) co_return std::unexpected(std::move(sent).error());
    auto answer = co_await session->imap_answer(tag, Stage::login, deadline);
    if (!answer) co_return std::unexpected(std::move(answer).error());
    co_return answer_from(*answer);
}

Task<Result<LoginAnswer>> Login::sasl(std::string mechanism) {
    net::ChannelBindings bindings;
    if (session->bindings) bindings = session->bindings();
    const SaslCredentials credentials{.user = plan.user,
                                      .secret = plan.secret,
                                      .protocol = session->protocol(),
                                      .host = plan.host,
                                      .port = plan.port,
                                      .bindings = std::move(bindings)};
    auto client = make_sasl_client(mechanism, credentials);
    if (!client) co_return std::unexpected(std::move(client).error());
    auto done =
        co_await exchange(session, mechanism, std::shared_ptr<SaslClient>(std::move(*client)), deadline);
    if (!done) {
        result.secret_sent = true;  // as far as we know
        co_return std::unexpected(std::move(done).error());
    }
    result.secret_sent = done->secret_sent;
    if (done->last.kind == LoginAnswer::Kind::accepted && !done->complete)
        session->transcript().note("the server did not prove that it knows the password");
    co_return std::move(done->last);
}

void Login::judge(const LoginAnswer& answer) {
    for (const std::string& notice : answer.notices) {
        if (result.notices.size() < most_notices)
            result.notices.push_back(cleaned(session->without_secrets(notice), most_notice));
    }
    if (answer.kind == LoginAnswer::Kind::accepted) {
        result.outcome = Outcome::accepted;
        session->logged_in = true;
        return;
    }
    result.outcome = answer.transient ? Outcome::unavailable : Outcome::refused;
    result.failure = session->refused(Stage::login, answer.text, answer.code);
    result.refusal = session->facts.refusal;
    result.refusal_code = answer.code;
    result.response_code = answer.response_code;
}

// ---- after the login

Task<AfterLogin> stat(SessionPtr session, Deadline deadline) {
    AfterLogin out{.command = "STAT"};
    auto status = co_await session->pop3_command("STAT", Stage::command, deadline);
    if (!status) {
        out.failure = std::move(status).error();
        co_return out;
    }
    out.works = status->kind == Pop3Status::Kind::ok;
    if (!out.works) {
        out.refusal = session->refused(Stage::command, shown(*status)).text;
        co_return out;
    }
    const auto words = protocol::words_of(status->text);
    if (words.size() >= 2) {
        out.messages = protocol::number_from(words[0]);
        out.octets = protocol::number_from(words[1]);
    }
    co_return out;
}

/// EXAMINE opens read-only: no flag changes, nothing becomes "seen" (RFC 9051 section 6.3.3).
Task<AfterLogin> examine(SessionPtr session, Deadline deadline) {
    AfterLogin out{.command = "EXAMINE INBOX"};
    auto answer = co_await session->imap_command("EXAMINE INBOX", Stage::command, deadline);
    if (!answer) {
        out.failure = std::move(answer).error();
        co_return out;
    }
    out.works = answer->tagged.condition == ImapResponse::Condition::ok;
    if (!out.works) {
        out.refusal = session->refused(Stage::command, shown(answer->tagged)).text;
        co_return out;
    }
    for (const auto& response : answer->untagged) {
        const auto words = protocol::words_of(response.text);
        if (response.kind == ImapResponse::Kind::data && words.size() == 2 && same_word(words[1], "EXISTS"))
            out.messages = protocol::number_from(words[0]);
    }
    co_return out;
}

constexpr std::size_t most_reply = 512;

AddressTrial trial_of(const Session& session, std::string address, const protocol::SmtpReply& reply) {
    return {.address = std::move(address),
            .code = reply.code,
            .reply = cleaned(session.without_secrets(reply.text()), most_reply)};
}

/// What else the account may do, where the own address works: each in a transaction that is reset at once.
Task<void> try_others(SessionPtr session, LoginPlan plan, Deadline deadline,
                      std::shared_ptr<AfterLogin> out) {
    if (!plan.foreign_recipient.empty() && session->is_open()) {
        auto reply = co_await try_recipient(session, plan.address, plan.foreign_recipient, deadline);
        if (!reply) co_return;
        out->foreign_recipient = trial_of(*session, plan.foreign_recipient, *reply);
    }
    if (plan.other_sender.empty() || !session->is_open()) co_return;
    auto reply = co_await try_recipient(session, plan.other_sender, plan.address, deadline);
    if (reply) out->other_sender = trial_of(*session, plan.other_sender, *reply);
}

Task<AfterLogin> own_sender(SessionPtr session, std::string address, Deadline deadline) {
    AfterLogin out{.command = "MAIL FROM"};
    auto reply = co_await try_sender(session, std::move(address), deadline);
    if (!reply) {
        out.failure = std::move(reply).error();
        co_return out;
    }
    out.works = reply->is_positive();
    if (!out.works) {
        out.refusal = session->refused(Stage::command, reply->text(), reply->code).text;
        out.refusal_code = reply->code;
    }
    co_return out;
}

Task<AfterLogin> look_around(SessionPtr session, LoginPlan plan, Deadline deadline) {
    switch (session->protocol()) {
        case Protocol::pop3:
            co_return co_await stat(std::move(session), deadline);
        case Protocol::imap:
            co_return co_await examine(std::move(session), deadline);
        case Protocol::smtp:
            break;
    }
    if (plan.address.empty()) co_return AfterLogin{.works = true};
    auto out = std::make_shared<AfterLogin>(co_await own_sender(session, plan.address, deadline));
    if (out->works) co_await try_others(session, std::move(plan), deadline, out);
    co_return std::move(*out);
}

}  // namespace

Words offered_mechanisms(const Session& session) {
    Words offered;
    switch (session.protocol()) {
        case Protocol::smtp:
            offered = session.smtp.auth;
            break;
        case Protocol::pop3:
            offered = session.pop3.sasl;
            // Servers without CAPA, or that list neither, take USER and PASS (RFC 1939).
            if (session.pop3.user || session.pop3.sasl.empty()) offered.emplace_back(password_command);
            if (!session.facts.apop_stamp.empty()) offered.emplace_back("APOP");
            break;
        case Protocol::imap:
            offered = session.imap.auth;
            if (!session.imap.login_disabled) offered.emplace_back(password_command);
            break;
    }
    return offered;
}

std::string choose_mechanism(const Session& session, const LoginPlan& plan) {
    if (plan.insist && !plan.mechanisms.empty()) return plan.mechanisms.front();
    const Words& usual = plan.secret_is_token ? usual_for_tokens() : usual_for_passwords();
    const Words offered = offered_mechanisms(session);
    for (const std::string& mechanism : plan.mechanisms.empty() ? usual : plan.mechanisms) {
        if (holds(offered, mechanism) && !holds(plan.except, mechanism) &&
            takes_token(mechanism) == plan.secret_is_token)
            return mechanism;
    }
    return {};
}

Task<Result<protocol::SmtpReply>> try_sender(SessionPtr session, std::string address, Deadline deadline) {
    if (holds_control(address) || address.find_first_of("<>") != std::string::npos)
        co_return failed(Stage::command, FailureKind::not_possible, "not an address for MAIL FROM");
    auto reply = co_await session->smtp_command("MAIL FROM:<" + address + ">", Stage::command, deadline);
    if (!reply) co_return reply;
    if (reply->code == 421) {
        session->close();
        co_return reply;
    }
    auto reset = co_await session->smtp_command("RSET", Stage::command, deadline);
    if (!reset) co_return std::unexpected(std::move(reset).error());
    co_return reply;
}

Task<Result<protocol::SmtpReply>> try_recipient(SessionPtr session, std::string sender, std::string recipient,
                                                Deadline deadline) {
    for (const std::string* address : {&sender, &recipient}) {
        if (holds_control(*address) || address->find_first_of("<>") != std::string::npos)
            co_return failed(Stage::command, FailureKind::not_possible, "not an address for SMTP");
    }
    auto reply = co_await session->smtp_command("MAIL FROM:<" + sender + ">", Stage::command, deadline);
    if (reply && reply->is_positive())
        reply = co_await session->smtp_command("RCPT TO:<" + recipient + ">", Stage::command, deadline);
    if (!reply) co_return reply;
    if (reply->code == 421) {
        session->close();
        co_return reply;
    }
    auto reset = co_await session->smtp_command("RSET", Stage::command, deadline);
    if (!reset) co_return std::unexpected(std::move(reset).error());
    co_return reply;
}

Task<LoginResult> log_in(SessionPtr session, LoginPlan plan, Deadline deadline) {
    const auto began = Clock::now();
    Login login{.session = session, .plan = std::move(plan), .deadline = deadline};
    LoginResult& result = login.result;
    result.offered = offered_mechanisms(*session);
    const auto stop = [&result](Outcome outcome, FailureKind kind, const char* text) {
        result.outcome = outcome;
        result.failure = Failure{.stage = Stage::login, .kind = kind, .text = text};
    };
    if (!session->is_verified() && !login.plan.allow_unprotected) {
        stop(Outcome::not_protected, FailureKind::not_possible,
             session->is_encrypted() ? "the certificate was not verified: no password is sent"
                                     : "the connection is not encrypted: no password is sent");
        co_return std::move(result);
    }
    if (!login.plan.secret || login.plan.user.empty() || holds_control(login.plan.user) ||
        login.plan.secret->reveal().find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos) {
        stop(Outcome::broken, FailureKind::not_possible,
             "user name or password is missing or holds a line end");
        co_return std::move(result);
    }
    result.mechanism = choose_mechanism(*session, login.plan);
    if (result.mechanism.empty()) {
        stop(Outcome::no_mechanism, FailureKind::not_possible, "server and program share no login method");
        co_return std::move(result);
    }
    result.verifier_needed = needs_stored_verifier(result.mechanism);
    result.unprotected = !session->is_verified();
    login.hide_secrets();
    auto answer = co_await login.use(result.mechanism);
    result.took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began);
    if (!answer) {
        result.outcome = answer.error().kind == FailureKind::rejected ? Outcome::refused : Outcome::broken;
        result.failure = std::move(answer).error();
        if (result.outcome == Outcome::refused)
            result.refusal = result.failure->text;  // BYE, and the connection closed
        co_return std::move(result);
    }
    login.judge(*answer);
    if (result.outcome == Outcome::accepted)
        result.after = co_await look_around(session, login.plan, deadline);
    co_return std::move(result);
}

}  // namespace maildoctor::mail
