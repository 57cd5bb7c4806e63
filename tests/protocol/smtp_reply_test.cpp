// SMTP replies and EHLO's list.
#include "core/protocol/smtp_reply.h"

#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/parser_properties.h"

using namespace maildoctor;
using namespace maildoctor::protocol;

namespace {

SmtpReply reply_of(std::string_view bytes) {
    auto reply = take_smtp_reply(bytes);
    REQUIRE(reply);
    REQUIRE(*reply);
    return **reply;
}

FailureKind failure_of(std::string_view bytes) {
    const auto reply = take_smtp_reply(bytes);
    REQUIRE_FALSE(reply);
    return reply.error().kind;
}

}  // namespace

TEST_CASE("smtp reply: reads one line in each form that servers send", "[protocol][smtp]") {
    const auto [bytes, code, text] = GENERATE(table<std::string, int, std::string>({
        {"220 mail.example.org ESMTP\r\n", 220, "mail.example.org ESMTP"},
        {"250\r\n", 250, ""},
        {"250 \r\n", 250, ""},
        {"250 bare LF\n", 250, "bare LF"},
        {"250 two CR\r\r\n", 250, "two CR"},
        {"220 **********************\r\n", 220, "**********************"},
        {"220*****************0*2****\r\n", 220, "*****************0*2****"},
        {"354\tgo on\r\n", 354, "go on"},
        {"599 last\r\n", 599, "last"},
    }));
    const SmtpReply reply = reply_of(bytes);
    CHECK(reply.code == code);
    CHECK(reply.lines == std::vector<std::string>{text});
    CHECK(maildoctor::testing::check_parser(&take_smtp_reply, bytes) == reply);
}

TEST_CASE("smtp reply: joins the lines and leaves what follows", "[protocol][smtp]") {
    std::string_view bytes = "250-mail.example.org\r\n250-SIZE 1000\r\n250 HELP\r\n221 bye\r\n";
    const auto reply = take_smtp_reply(bytes);
    REQUIRE(reply);
    REQUIRE(*reply);
    CHECK((*reply)->lines == std::vector<std::string>{"mail.example.org", "SIZE 1000", "HELP"});
    CHECK_FALSE((*reply)->mixed_codes);
    CHECK(bytes == "221 bye\r\n");
}

TEST_CASE("smtp reply: asks for more and takes nothing", "[protocol][smtp]") {
    const std::string text = GENERATE("", "2", "250", "250 ok", "250 ok\r", "250-first\r\n",
                                      "250-first\r\n250", "250-first\n250 secon");
    std::string_view bytes = text;
    const auto reply = take_smtp_reply(bytes);
    REQUIRE(reply);
    CHECK_FALSE(*reply);
    CHECK(bytes == text);
}

TEST_CASE("smtp reply: reports lines with different codes", "[protocol][smtp]") {
    const SmtpReply reply = reply_of("250-one\r\n550 two\r\n");
    CHECK(reply.mixed_codes);
    CHECK(reply.code == 550);
}

TEST_CASE("smtp reply: refuses what is none, with the line", "[protocol][smtp]") {
    const std::string line = GENERATE("* OK IMAP4rev1", "+OK POP3", "HTTP/1.1 400 Bad Request", "", "25",
                                      "600 x", "099 x", "2x0 x", "250x", "-ERR");
    std::string_view bytes;
    const std::string text = line + "\r\n";
    bytes = text;
    const auto reply = take_smtp_reply(bytes);
    REQUIRE_FALSE(reply);
    CHECK(reply.error().kind == FailureKind::bad_syntax);
    CHECK(reply.error().text == line);
    CHECK(bytes == text);
}

TEST_CASE("smtp reply: keeps its bounds", "[protocol][smtp]") {
    CHECK(failure_of(std::string(smtp_bounds::line, 'x')) == FailureKind::too_large);
    CHECK(failure_of("250 " + std::string(smtp_bounds::line, 'x') + "\r\n") == FailureKind::too_large);
    CHECK(reply_of("250 " + std::string(smtp_bounds::line - 6, 'x') + "\r\n").code == 250);
    std::string many;
    for (std::size_t i = 0; i < smtp_bounds::lines; ++i)
        many += "250-x\r\n";
    CHECK(failure_of(many) == FailureKind::too_large);
    std::string long_lines;
    while (long_lines.size() <= smtp_bounds::reply)
        long_lines += "250-" + std::string(1500, 'x') + "\r\n";
    CHECK(failure_of(long_lines) == FailureKind::too_large);
    CHECK(failure_of(std::string(1 << 20, '\0')) == FailureKind::too_large);
}

TEST_CASE("smtp reply: shows code and words as a mail program would", "[protocol][smtp]") {
    CHECK(reply_of("550 5.1.1 No such user\r\n").text() == "550 5.1.1 No such user");
    CHECK(reply_of("535-5.7.8 Username and Password not accepted. Learn more at\r\n535 5.7.8  "
                   "https://example.org/bad\r\n")
              .text() ==
          "535 5.7.8 Username and Password not accepted. Learn more at https://example.org/bad");
    CHECK(reply_of("421\r\n").text() == "421");
}

TEST_CASE("enhanced status: taken with its space, left alone otherwise", "[protocol][smtp]") {
    std::string_view text = "5.7.8 wrong password";
    CHECK(take_enhanced_status(text) == EnhancedStatus{.kind = 5, .subject = 7, .detail = 8});
    CHECK(text == "wrong password");
    text = "4.999.123";
    CHECK(take_enhanced_status(text)->text() == "4.999.123");
    CHECK(text.empty());
    const std::string none = GENERATE("", "5", "5.7", "5.7.", "3.1.1 x", "5.7.8x", "5.1000.1 x", "5..1 x",
                                      "10.1.1 x", "192.0.2.1 is listed");
    text = none;
    CHECK_FALSE(take_enhanced_status(text));
    CHECK(text == none);
}

TEST_CASE("ehlo: reads what a server offers", "[protocol][smtp]") {
    const SmtpCapabilities offer = read_ehlo(reply_of(
        "250-mail.example.org Hello [192.0.2.1]\r\n250-PIPELINING\r\n250-SIZE 52428800\r\n250-starttls\r\n"
        "250-AUTH PLAIN login\r\n250-AUTH=LOGIN CRAM-MD5\r\n250-\r\n250 8BITMIME\r\n"));
    CHECK(offer.domain == "mail.example.org");
    CHECK(offer.starttls);
    CHECK(offer.size == 52428800);
    CHECK(offer.auth == std::vector<std::string>{"PLAIN", "LOGIN", "CRAM-MD5"});
    CHECK(offer.lines == std::vector<std::string>{"PIPELINING", "SIZE 52428800", "starttls",
                                                  "AUTH PLAIN login", "AUTH=LOGIN CRAM-MD5", "8BITMIME"});
    CHECK_FALSE(offer.masked);
}

TEST_CASE("ehlo: SIZE without a limit says nothing", "[protocol][smtp]") {
    const std::string size =
        GENERATE("SIZE", "SIZE 0", "SIZE many", "SIZE 99999999999999999999999", "SIZE -5");
    CHECK_FALSE(read_ehlo(reply_of("250-x\r\n250 " + size + "\r\n")).size);
}

TEST_CASE("masked by a device on the way: greeting and EHLO", "[protocol][smtp][net.intercepted]") {
    CHECK(read_ehlo(reply_of("250-x\r\n250-PIPELINING\r\n250 XXXXXXXA\r\n")).masked);
    CHECK_FALSE(read_ehlo(reply_of("250-x\r\n250 XEXCH50\r\n")).masked);
    CHECK(is_masked_greeting("****************************"));
    CHECK(is_masked_greeting("***************0*2******200***"));
    CHECK_FALSE(is_masked_greeting("mail.example.org ESMTP *** no spam ***"));
    CHECK_FALSE(is_masked_greeting(""));
}
