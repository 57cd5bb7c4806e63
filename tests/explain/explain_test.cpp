#include "core/explain/explain.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <random>
#include <set>
#include <string>
#include <tuple>

using namespace maildoctor;

namespace {

std::string first(std::string_view text) {
    const Clues clues = explain::explain(text);
    return clues.causes.empty() ? std::string("nothing") : std::string(cause_id(clues.causes.front().cause));
}

std::string utf16(std::string_view text, bool mark) {
    std::string out = mark ? "\xFF\xFE" : "";
    for (const char c : text)
        out += std::string{c, '\0'};
    return out;
}

}  // namespace

TEST_CASE("explain: the server's words win over the program's", "[explain]") {
    CHECK(first("Username or password is incorrect. (response: #3# [NO, ALERT], Too many simultaneous "
                "connections. (Failure)])") == "mailbox.too-many-connections");
    CHECK(first("Your password was rejected. Server Response: '-ERR Temporary problem, please try again "
                "later', Protocol: POP3, Error Number: 0x800CCC92") == "mailbox.server-error");
    CHECK(first("Server Response: '454 Throttling failure: Daily message quota exceeded.', Protocol: SMTP, "
                "Server Error: 454, Error Number: 0x800CCC7F") == "smtp.rate-limited");
    CHECK(first("Socket Error: 11004, Error Number: 0x800CCC0E") == "dns.host-not-found");
    CHECK(first("534-5.7.9 Application-specific password required. 535") == "auth.app-password-required");
}

TEST_CASE("explain: one code, several meanings, told apart by words", "[explain]") {
    CHECK(first("552 5.2.2 mailbox full") == "smtp.recipient-full");
    CHECK(first("552 5.3.4 message too large") == "smtp.message-too-large");
    CHECK(first("552 spam message rejected") == "smtp.content-rejected");
    CHECK(first("535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the "
                "Tenant.") == "auth.access-disabled");
    CHECK(first("535 5.7.139 Authentication unsuccessful, basic authentication is disabled.") ==
          "auth.oauth-required");
    CHECK(first("Error: Invalid greeting. response=* OK [CAPABILITY IMAP4rev1] Dovecot ready.") ==
          "net.wrong-service");
}

TEST_CASE("explain: nonsense gets an honest nothing", "[explain]") {
    for (const char* const text :
         {"", " ", "lorem ipsum dolor sit amet", "12345", "hello world", "\x01\x02\x03"}) {
        INFO(text);
        CHECK(first(text) == "nothing");
    }
    std::mt19937 random(7);
    std::string noise(10000, '\0');
    for (char& c : noise)
        c = static_cast<char>(random());
    CHECK_NOTHROW(explain::explain(noise));
}

TEST_CASE("explain: a code outside mail is named, not guessed", "[explain]") {
    const Clues clues = explain::explain("0x80070643");
    CHECK(clues.causes.empty());
    REQUIRE(clues.not_mail);
    CHECK_FALSE(clues.not_mail->meaning.empty());
}

TEST_CASE("explain: an unknown code is placed by its family", "[explain]") {
    const Clues clues = explain::explain("0x800CCCFE");
    REQUIRE_FALSE(clues.causes.empty());
    CHECK(clues.causes.front().confidence == Confidence::possible);
    CHECK_FALSE(explain::explain("550 5.7.999").causes.empty());
}

TEST_CASE("explain: any encoding is read", "[explain]") {
    const std::string text = "550 5.1.1 User unknown";
    CHECK(first(utf16(text, true)) == "smtp.recipient-unknown");
    CHECK(first(utf16(text, false)) == "smtp.recipient-unknown");
    CHECK(first("Zeit\xFC"
                "berschreitung der Verbindung mit dem Server") == "net.timeout");
}

TEST_CASE("explain: a saved bounce is opened", "[explain][mime]") {
    CHECK(first("From: MAILER-DAEMON@example.org\nTo: kim@example.org\nSubject: failure\nContent-Type: "
                "multipart/report; boundary=X\n\n--X\n\nSorry.\n--X\n"
                "Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; "
                "lee@example.net\nStatus: 5.2.2\nDiagnostic-Code: smtp; 552 5.2.2 mailbox full\n\n--X--\n") ==
          "smtp.recipient-full");
}

TEST_CASE("explain: spans lie inside the text", "[explain]") {
    const Clues clues =
        explain::explain("Hello, I get 554 5.7.1 <kim@example.org>: Relay access denied since today");
    REQUIRE_FALSE(clues.causes.empty());
    for (const Match& match : clues.causes.front().matched) {
        CHECK(match.begin <= match.end);
        CHECK(match.end <= clues.text.size());
    }
    CHECK(clues.text.substr(clues.causes.front().matched.front().begin, 19) == "Relay access denied");
}

TEST_CASE("classify_reply: the stage decides what the words leave open", "[explain]") {
    using explain::classify_reply;
    CHECK(classify_reply("550 no", {.stage = explain::Stage::recipient}).front().cause ==
          Cause::smtp_recipient_unknown);
    CHECK(classify_reply("550 no", {.stage = explain::Stage::sender}).front().cause ==
          Cause::smtp_sender_rejected);
    CHECK(
        classify_reply("554 5.7.1 Relay access denied", {.stage = explain::Stage::recipient}).front().cause ==
        Cause::smtp_relay_denied);
    CHECK(classify_reply("421 too busy", {.stage = explain::Stage::greeting}).front().cause ==
          Cause::smtp_service_unavailable);
}

TEST_CASE("explain: time grows with the length, not faster", "[explain]") {
    const auto seconds = [](std::size_t size) {
        std::string text;
        while (text.size() < size)
            text +=
                "550 5.1.1 <kim@example.org>: mailbox: user: Server: unavailable, error 10060 (111) "
                "password ";
        const auto start = std::chrono::steady_clock::now();
        static_cast<void>(explain::explain(text));
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    const double small = seconds(200000), large = seconds(2000000);
    CHECK(large < small * 40 + 0.5);
}

TEST_CASE("explain: each place that speaks for a cause is named once", "[explain]") {
    for (const char* const text : {"550 account expired: kim@example.org", "554 5.7.1 Relay access denied",
                                   "535 5.7.8 Authentication failed, error 535"}) {
        INFO(text);
        for (const CauseCandidate& candidate : explain::explain(text).causes) {
            std::set<std::tuple<std::string, std::string, std::size_t, std::size_t>> seen;
            for (const Match& match : candidate.matched)
                CHECK(seen.emplace(match.rule, match.code, match.begin, match.end).second);
        }
    }
}

TEST_CASE("explain: a code that is all of the text is answered by its table", "[explain]") {
    const auto first = [](const char* text) { return explain::explain(text).causes.front().cause; };
    CHECK(first("TLS alert 112") == Cause::tls_name_mismatch);
    CHECK(first("  0x80072EFD\n") == Cause::net_connect_failed);
    CHECK(first("550 SC-001") == Cause::smtp_content_rejected);
    CHECK(explain::explain("   ").causes.empty());
}
