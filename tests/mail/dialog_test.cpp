// Dialogs with scripted servers: what is learned, and how each kind of misbehaviour ends.
#include "core/mail/dialog.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "core/async/loop.h"
#include "tests/mail/scripted_stream.h"

using namespace maildoctor;
using maildoctor::mail::DialogPlan;
using maildoctor::mail::DialogResult;
using maildoctor::testing::ScriptedStream;
using Words = std::vector<std::string>;

namespace {

DialogPlan plan_for(Protocol protocol, Security security) {
    DialogPlan plan{.protocol = protocol, .security = security, .host = *HostName::from("mail.example.test")};
    plan.limits.goodbye = std::chrono::milliseconds{1000};  // scripted answers take no time
    return plan;
}

DialogResult run(DialogPlan plan, const std::shared_ptr<ScriptedStream>& server,
                 std::chrono::milliseconds limit = std::chrono::seconds{10}) {
    async::Loop loop;
    return loop.run_for(
        mail::run_dialog(std::move(plan), server, ScriptedStream::upgrade(), Deadline::after(limit)));
}

/// Runs a golden transcript with whole and with single octets, and checks that both sides kept to it.
DialogResult run_file(const DialogPlan& plan, const std::string& name) {
    DialogResult result;
    for (const std::size_t chunk : {std::size_t{65536}, std::size_t{1}}) {
        const auto server = ScriptedStream::from_file(name, chunk);
        result = run(plan, server);
        INFO(name << ", octets a read: " << chunk);
        CHECK(server->surprises() == Words{});
        CHECK(server->left() == 0);
        CHECK(server->is_closed());
        CHECK_FALSE(result.session);
        Words lines;
        for (const TranscriptLine& line : result.transcript) {
            if (line.from != TranscriptLine::From::note)
                lines.push_back((line.from == TranscriptLine::From::client ? "C: " : "S: ") + line.text);
        }
        CHECK(lines == server->lines());
    }
    return result;
}

DialogResult run_script(const DialogPlan& plan, const std::string& script) {
    return run(plan, std::make_shared<ScriptedStream>(script));
}

void check_stopped(const DialogResult& result, Stage stage, FailureKind kind) {
    REQUIRE(result.failure);
    CHECK(word(result.failure->stage) == word(stage));
    CHECK(word(result.failure->kind) == word(kind));
}

}  // namespace

TEST_CASE("smtp dialog: STARTTLS with capabilities before and after", "[mail][smtp]") {
    const Security security =
        GENERATE(Security::starttls, Security::none);  // with none it is learned because it is offered
    const DialogResult result = run_file(plan_for(Protocol::smtp, security), "smtp-submission-starttls.txt");
    CHECK_FALSE(result.failure);
    const MailFacts& mail = result.mail;
    CHECK(mail.service == Service::smtp);
    CHECK(mail.greeting == "220 mail.example.test ESMTP Postfix");
    CHECK(mail.greeting_code == 220);
    CHECK(mail.greeting_ok);
    CHECK(mail.capabilities_known);
    CHECK(mail.capabilities_before == Words{"PIPELINING", "SIZE 10240000", "STARTTLS", "8BITMIME"});
    CHECK(mail.capabilities_after == Words{"SIZE 52428800", "AUTH PLAIN LOGIN", "8BITMIME"});
    CHECK(mail.starttls_offered);
    CHECK(mail.starttls_accepted);
    CHECK(mail.auth_mechanisms == Words{"PLAIN", "LOGIN"});
    CHECK(mail.auth_mechanisms_plain.empty());
    CHECK(mail.limits.message_size == 52428800);
    CHECK(mail.injected.empty());
    CHECK(mail.refusal.empty());
    REQUIRE(result.tls);
    CHECK(result.tls->verified);
    CHECK(result.timings.greeting);
    CHECK(result.timings.capabilities);
    CHECK(result.timings.handshake);
}

TEST_CASE("smtp dialog: implicit TLS goes on over a bad certificate", "[mail][smtp]") {
    DialogPlan plan = plan_for(Protocol::smtp, Security::tls);
    plan.ehlo_name = "client.example.test";
    const DialogResult result = run_file(plan, "smtp-implicit-tls.txt");
    CHECK_FALSE(result.failure);
    REQUIRE(result.tls);
    CHECK_FALSE(result.tls->verified);
    CHECK(result.mail.capabilities_before.empty());
    CHECK(result.mail.capabilities_after == Words{"AUTH LOGIN"});
    CHECK_FALSE(result.mail.starttls_offered);
}

TEST_CASE("smtp dialog: falls back to HELO", "[mail][smtp]") {
    const DialogResult result = run_file(plan_for(Protocol::smtp, Security::none), "smtp-helo-only.txt");
    CHECK_FALSE(result.failure);
    CHECK(result.mail.helo_fallback);
    CHECK(result.mail.capabilities_before.empty());
    CHECK(result.mail.refusal.empty());
}

TEST_CASE("smtp dialog: a refused name is told in the server's words", "[mail][smtp][smtp.helo-rejected]") {
    const DialogResult result =
        run_file(plan_for(Protocol::smtp, Security::starttls), "smtp-helo-refused.txt");
    check_stopped(result, Stage::capabilities, FailureKind::rejected);
    CHECK(result.failure->native_code == 550);
    CHECK(result.mail.refusal == "550 5.7.1 Helo command rejected: need fully-qualified hostname");
    CHECK(result.mail.refusal_code == 550);
    CHECK_FALSE(result.mail.capabilities_known);
}

TEST_CASE("greeting: a refusal is kept word for word", "[mail][smtp.service-unavailable]") {
    const auto [protocol, file, code, words] = GENERATE(table<Protocol, std::string, int, std::string>({
        {Protocol::smtp, "smtp-421.txt", 421,
         "421 4.7.0 mx.example.test Error: too many connections from 192.0.2.9"},
        {Protocol::smtp, "smtp-554.txt", 554, "554 5.7.1 No SMTP service here"},
        {Protocol::pop3, "pop3-err-greeting.txt", 0, "-ERR [SYS/TEMP] Server is busy, please try later"},
        {Protocol::imap, "imap-bye.txt", 0,
         "BYE [ALERT] Maximum number of connections from user+IP exceeded"},
    }));
    const auto server = ScriptedStream::from_file(file);
    const DialogResult result = run(plan_for(protocol, Security::starttls), server);
    CHECK(server->surprises() == Words{});
    check_stopped(result, Stage::greeting, FailureKind::rejected);
    CHECK(result.failure->native_code == code);
    CHECK_FALSE(result.mail.greeting_ok);
    CHECK(result.mail.refusal == words);
    CHECK(result.mail.refusal_code == code);
    CHECK(static_cast<int>(result.mail.service) == static_cast<int>(protocol) + 1);
}

TEST_CASE("starttls: refused although it was offered", "[mail][smtp][tls.not-offered]") {
    const DialogResult asked =
        run_file(plan_for(Protocol::smtp, Security::starttls), "smtp-starttls-refused.txt");
    check_stopped(asked, Stage::starttls, FailureKind::rejected);
    CHECK(asked.failure->native_code == 454);
    CHECK(asked.mail.starttls_offered);
    CHECK_FALSE(asked.mail.starttls_accepted);
    CHECK_FALSE(asked.tls);
    const DialogResult plain =
        run_file(plan_for(Protocol::smtp, Security::none), "smtp-starttls-refused.txt");
    CHECK_FALSE(plain.failure);  // nobody asked for it
    CHECK(plain.mail.refusal_code == 454);
}

TEST_CASE("starttls: stripped by a device on the way", "[mail][smtp][net.intercepted]") {
    const DialogResult result =
        run_file(plan_for(Protocol::smtp, Security::starttls), "smtp-starttls-stripped.txt");
    check_stopped(result, Stage::starttls, FailureKind::rejected);
    CHECK(result.failure->native_code == 0);
    CHECK(result.mail.capabilities_before == Words{"SIZE 10240000", "XXXXXXXA"});
    CHECK(result.mail.greeting.starts_with("220 *****"));
}

TEST_CASE("starttls: octets before the handshake are kept and dropped",
          "[mail][smtp][tls.plaintext-injection]") {
    const DialogResult result = run_file(plan_for(Protocol::smtp, Security::starttls), "smtp-injected.txt");
    CHECK_FALSE(result.failure);
    CHECK(result.mail.injected == "250 AUTH PLAIN\\r\\n");
    CHECK(result.mail.auth_mechanisms.empty());
    CHECK(result.mail.capabilities_after.empty());
}

TEST_CASE("starttls: a failed handshake is the failure only where TLS was asked for",
          "[mail][tls.handshake-failed]") {
    const std::string script =
        "S: 220 x ESMTP\nC: EHLO [127.0.0.1]\nS: 250-x\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go\nT: fails no "
        "shared cipher\n";
    const DialogResult asked = run_script(plan_for(Protocol::smtp, Security::starttls), script);
    check_stopped(asked, Stage::tls_handshake, FailureKind::tls_error);
    CHECK(asked.failure->text == "no shared cipher");
    const DialogResult plain = run_script(plan_for(Protocol::smtp, Security::none), script);
    CHECK_FALSE(plain.failure);
    REQUIRE(plain.tls);
    CHECK(plain.tls->error == "no shared cipher");
    CHECK(plain.mail.starttls_accepted);
}

TEST_CASE("pop3 dialog: STLS, stamp and capabilities", "[mail][pop3]") {
    const DialogResult result = run_file(plan_for(Protocol::pop3, Security::starttls), "pop3-starttls.txt");
    CHECK_FALSE(result.failure);
    CHECK(result.mail.service == Service::pop3);
    CHECK(result.mail.apop_stamp == "<1896.697170952@mail.example.test>");
    CHECK(result.mail.capabilities_before == Words{"TOP", "STLS", "RESP-CODES"});
    CHECK(result.mail.capabilities_after == Words{"TOP", "USER", "SASL PLAIN LOGIN"});
    CHECK(result.mail.auth_mechanisms == Words{"PLAIN", "LOGIN"});
    CHECK_FALSE(result.mail.login_disabled);
}

TEST_CASE("pop3 dialog: without CAPA, STLS is tried all the same when it was asked for",
          "[mail][pop3][tls.not-offered]") {
    const DialogResult result = run_file(plan_for(Protocol::pop3, Security::starttls), "pop3-no-capa.txt");
    check_stopped(result, Stage::starttls, FailureKind::rejected);
    CHECK(result.mail.refusal == "-ERR Unknown command");
    CHECK(result.mail.capabilities_known);
    CHECK_FALSE(result.mail.starttls_offered);
    const DialogResult plain = run_script(plan_for(Protocol::pop3, Security::none),
                                          "S: +OK\nC: CAPA\nS: -ERR what?\nC: QUIT\nS: +OK\n");
    CHECK_FALSE(plain.failure);
    CHECK_FALSE(plain.mail.login_disabled);
}

TEST_CASE("imap dialog: capabilities of the greeting, and anew after TLS", "[mail][imap]") {
    const DialogResult result = run_file(plan_for(Protocol::imap, Security::starttls), "imap-starttls.txt");
    CHECK_FALSE(result.failure);
    CHECK(result.mail.service == Service::imap);
    CHECK(result.mail.capabilities_before == Words{"IMAP4rev1", "STARTTLS", "LOGINDISABLED"});
    CHECK(result.mail.capabilities_after == Words{"IMAP4rev1", "SASL-IR", "AUTH=PLAIN", "AUTH=XOAUTH2"});
    CHECK(result.mail.auth_mechanisms == Words{"PLAIN", "XOAUTH2"});
    CHECK(result.mail.login_disabled_plain);
    CHECK_FALSE(result.mail.login_disabled);
}

TEST_CASE("imap dialog: plain only", "[mail][imap]") {
    const DialogResult none = run_file(plan_for(Protocol::imap, Security::none), "imap-plain-no-offer.txt");
    CHECK_FALSE(none.failure);
    CHECK(none.mail.auth_mechanisms_plain == Words{"LOGIN"});
    const DialogResult asked =
        run_file(plan_for(Protocol::imap, Security::starttls), "imap-plain-no-offer.txt");
    check_stopped(asked, Stage::starttls, FailureKind::rejected);
}

TEST_CASE("imap dialog: BYE in the middle is a refusal in the server's words", "[mail][imap]") {
    const auto server = ScriptedStream::from_file("imap-bye-during-capability.txt");
    const DialogResult result = run(plan_for(Protocol::imap, Security::starttls), server);
    check_stopped(result, Stage::capabilities, FailureKind::rejected);
    CHECK(result.mail.refusal == "BYE Server shutting down.");
}

TEST_CASE("wrong service: another kind of server answers", "[mail][net.wrong-service]") {
    const auto [protocol, line, service] = GENERATE(table<Protocol, std::string, Service>({
        {Protocol::smtp, "* OK IMAP4rev1 ready", Service::imap},
        {Protocol::smtp, "+OK POP3 ready", Service::pop3},
        {Protocol::smtp, "HTTP/1.1 400 Bad Request", Service::http},
        {Protocol::smtp, "SSH-2.0-OpenSSH_9.2", Service::ssh},
        {Protocol::imap, "220 mail.example.test ESMTP", Service::smtp},
        {Protocol::imap, "+OK POP3 ready", Service::pop3},
        {Protocol::pop3, "* OK IMAP4rev1 ready", Service::imap},
        {Protocol::pop3, "220 ProFTPD Server", Service::ftp},
        {Protocol::pop3, "hello there", Service::unknown},
    }));
    const DialogResult result = run_script(plan_for(protocol, Security::starttls), "S: " + line + "\n");
    check_stopped(result, Stage::greeting, FailureKind::bad_syntax);
    CHECK(result.mail.service == service);
    CHECK(result.mail.greeting == line);
    CHECK(result.failure->text == line);
}

TEST_CASE("wrong service: a server that greets like SMTP and knows no EHLO keeps its own kind",
          "[mail][net.wrong-service]") {
    const DialogResult result =
        run_script(plan_for(Protocol::smtp, Security::none),
                   "S: 220 ProFTPD Server\nC: EHLO [127.0.0.1]\nS: 500 EHLO not understood\n"
                   "C: HELO [127.0.0.1]\nS: 500 HELO not understood\nC: QUIT\n");
    check_stopped(result, Stage::capabilities, FailureKind::rejected);
    CHECK(result.mail.service == Service::ftp);
}

TEST_CASE("wrong mode: TLS asked of a plain port", "[mail][tls.wrong-mode]") {
    const DialogResult result =
        run_script(plan_for(Protocol::smtp, Security::tls), "T: text 220 mail.example.test ESMTP\n");
    check_stopped(result, Stage::tls_handshake, FailureKind::bad_syntax);
    CHECK(result.mail.service == Service::smtp);
    CHECK(result.mail.greeting == "220 mail.example.test ESMTP");
    REQUIRE(result.tls);
    CHECK(result.tls->text_answer);
}

TEST_CASE("wrong mode: plain asked of a TLS port that answers with an alert", "[mail][tls.wrong-mode]") {
    const DialogResult result = run_script(plan_for(Protocol::imap, Security::none),
                                           "S* \\x15\\x03\\x01\\x00\\x02\\x02\\x46\nS! closes\n");
    check_stopped(result, Stage::greeting, FailureKind::bad_syntax);
    CHECK(result.mail.service == Service::tls);
    CHECK(result.mail.greeting.empty());
}

TEST_CASE("silence: the caller is told once, and the dialog goes on", "[mail][tls.wrong-mode]") {
    int calls = 0;
    DialogPlan plan = plan_for(Protocol::smtp, Security::starttls);
    plan.on_silence = [&calls] { ++calls; };
    const DialogResult silent = run_script(plan, "C: never said\n");
    check_stopped(silent, Stage::greeting, FailureKind::timed_out);
    CHECK(calls == 1);
    CHECK(silent.mail.greeting.empty());
    plan.security = Security::tls;
    (void)run_script(plan, "T: verified\nC: never said\n");
    CHECK(calls == 1);  // over TLS there is nothing to ask
}

TEST_CASE("silence: octets without a line end are not silence", "[mail]") {
    int calls = 0;
    DialogPlan plan = plan_for(Protocol::smtp, Security::none);
    plan.on_silence = [&calls] { ++calls; };
    const DialogResult result = run_script(plan, "S* 220 mail\n");
    check_stopped(result, Stage::greeting, FailureKind::timed_out);
    CHECK(calls == 0);
    CHECK(result.mail.greeting == "220 mail");
    CHECK(result.mail.service == Service::smtp);
}

TEST_CASE("time: what the whole limit cuts off is named so", "[mail]") {
    const DialogResult result =
        run(plan_for(Protocol::pop3, Security::none), std::make_shared<ScriptedStream>("C: nothing\n"),
            std::chrono::milliseconds{0});
    check_stopped(result, Stage::greeting, FailureKind::out_of_time);
}

TEST_CASE("hostile servers: each ends with a failure and a bounded record", "[mail][hostile]") {
    const std::string head = "S: 220 x ESMTP\nC: EHLO [127.0.0.1]\n";
    std::string megabyte = head;
    for (int i = 0; i < 700; ++i)
        megabyte += "S: 250-" + std::string(1500, 'x') + "\n";
    std::string many = head;
    for (int i = 0; i < 5000; ++i)
        many += "S: 250-y\n";
    const auto [script, stage, kind] = GENERATE_COPY(table<std::string, Stage, FailureKind>({
        {"S* " + std::string(1 << 20, 'x') + "\n", Stage::greeting, FailureKind::too_large},
        {"S: 220 " + std::string(3000, 'x') + "\n", Stage::greeting, FailureKind::too_large},
        {head + "S* " + std::string(1 << 20, 'x') + "\n", Stage::capabilities, FailureKind::too_large},
        {megabyte, Stage::capabilities, FailureKind::too_large},
        {many, Stage::capabilities, FailureKind::too_large},
        {"S! closes\n", Stage::greeting, FailureKind::peer_closed},
        {"S! resets\n", Stage::greeting, FailureKind::reset},
        {"S: 220 x\nS! resets\n", Stage::capabilities, FailureKind::reset},
        {head + "S! closes\n", Stage::capabilities, FailureKind::peer_closed},
        {head + "S: 250-half\nS! closes\n", Stage::capabilities, FailureKind::peer_closed},
        {head + "S: 250 STARTTLS\n", Stage::starttls,
         FailureKind::rejected},  // first line is the name, not an offer
        {head + "S: 250-x\nS: 250 STARTTLS\nC: STARTTLS\nS! resets\n", Stage::starttls, FailureKind::reset},
        {head + "S: 250-x\nS: 250 STARTTLS\nC: STARTTLS\nS: 220\nT: verified\nS! resets\n",
         Stage::capabilities, FailureKind::reset},
        {head +
             "S: 250-x\nS: 250 STARTTLS\nC: STARTTLS\nS: 220\nT: verified\nC: EHLO [127.0.0.1]\nS! closes\n",
         Stage::capabilities, FailureKind::peer_closed},
    }));
    const DialogResult result = run_script(plan_for(Protocol::smtp, Security::starttls), script);
    check_stopped(result, stage, kind);
    CHECK(result.transcript.size() <= mail::Transcript::most_lines);
    for (const TranscriptLine& line : result.transcript)
        CHECK(line.text.size() <= mail::Transcript::most_octets);
}

TEST_CASE("hostile servers: octets of a terminal stay octets of a text", "[mail][hostile]") {
    const DialogResult result = run_script(plan_for(Protocol::pop3, Security::none),
                                           "S* -ERR \\x1B[2J\\x00\\x1B]0;owned\\x07\\r\\n\n");
    check_stopped(result, Stage::greeting, FailureKind::rejected);
    CHECK(result.mail.refusal == "-ERR \\x1B[2J\\x00\\x1B]0;owned\\x07");
    CHECK(result.mail.greeting == result.mail.refusal);
    CHECK(std::ranges::none_of(result.transcript, [](const TranscriptLine& line) {
        return line.text.contains('\x1B') || line.text.contains('\0');
    }));
}

TEST_CASE("hostile servers: endless chatter of an IMAP server ends", "[mail][hostile]") {
    std::string script = "S: * OK ready\nC: a1 CAPABILITY\n";
    for (int i = 0; i < 2000; ++i)
        script += "S: * OK still here\n";
    const DialogResult result = run_script(plan_for(Protocol::imap, Security::none), script);
    check_stopped(result, Stage::capabilities, FailureKind::too_large);
    CHECK(result.transcript.size() <= mail::Transcript::most_lines);
}

TEST_CASE("session: stays open for what follows when the plan wants it", "[mail]") {
    DialogPlan plan = plan_for(Protocol::smtp, Security::tls);
    plan.stop_after_capabilities = false;
    const auto server = std::make_shared<ScriptedStream>(
        "T: verified\nS: 220 x\nC: EHLO [127.0.0.1]\nS: 250-x\nS: 250 AUTH PLAIN\n");
    const DialogResult result = run(plan, server);
    CHECK_FALSE(result.failure);
    REQUIRE(result.session);
    CHECK(result.session->is_open());
    CHECK(result.session->is_verified());
    CHECK_FALSE(server->is_closed());
    CHECK(result.session->smtp.auth == Words{"PLAIN"});
}
