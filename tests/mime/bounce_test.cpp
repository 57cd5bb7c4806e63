#include "core/mime/bounce.h"

#include <catch2/catch.hpp>

using namespace maildoctor::mime;

namespace {

const std::string bounce =
    "From: MAILER-DAEMON@mx.example.org\r\nTo: kim@example.org\r\nSubject: Undelivered Mail Returned to "
    "Sender\r\n"
    "MIME-Version: 1.0\r\nContent-Type: multipart/report; "
    "report-type=delivery-status;\r\n\tboundary=\"XX\"\r\n\r\n"
    "--XX\r\nContent-Type: text/plain; charset=us-ascii\r\nContent-Transfer-Encoding: "
    "quoted-printable\r\n\r\n"
    "I could not deliver your mess=\r\nage.\r\n--XX\r\nContent-Type: message/delivery-status\r\n\r\n"
    "Reporting-MTA: dns; mx.example.org\r\n\r\nFinal-Recipient: rfc822; lee@example.net\r\nAction: "
    "failed\r\nStatus: 5.1.1\r\n"
    "Remote-MTA: dns; mail.example.net\r\nDiagnostic-Code: smtp; 550 5.1.1 <lee@example.net>: Recipient "
    "address\r\n    rejected: User unknown\r\n\r\n"
    "--XX\r\nContent-Type: message/rfc822\r\n\r\nSubject: secret plans\r\n\r\nhello\r\n--XX--\r\n";

}  // namespace

TEST_CASE("bounce: status, words and server come out, the mail itself does not", "[mime]") {
    REQUIRE(looks_like_mail(bounce));
    const ReadableMail mail = read_mail(bounce);
    REQUIRE(mail.recipients.size() == 1);
    CHECK(mail.recipients[0].recipient == "lee@example.net");
    CHECK(mail.recipients[0].status == "5.1.1");
    CHECK(mail.recipients[0].remote_mta == "mail.example.net");
    CHECK(mail.recipients[0].diagnostic ==
          "550 5.1.1 <lee@example.net>: Recipient address rejected: User unknown");
    CHECK(mail.text.find("could not deliver your message") != std::string::npos);
    CHECK(readable_text(bounce).find("secret plans") == std::string::npos);
}

TEST_CASE("bounce: a header line that is too long falls back to the lines", "[mime]") {
    const std::string text = "From: a\r\nTo: b\r\nSubject: c\r\nX-Long: " + std::string(20000, 'x') +
                             "\r\nContent-Type: multipart/report; boundary=Y\r\n\r\n--Y\r\n\r\nStatus: "
                             "5.2.2\r\nDiagnostic-Code: smtp; 552 mailbox full\r\n";
    const ReadableMail mail = read_mail(text);
    REQUIRE_FALSE(mail.recipients.empty());
    CHECK(mail.recipients[0].diagnostic == "552 mailbox full");
}

TEST_CASE("bounce: parts inside parts end at a depth", "[mime]") {
    std::string text = "From: a\r\nTo: b\r\nSubject: c\r\nContent-Type: multipart/mixed; boundary=b0\r\n\r\n";
    for (int i = 0; i < 50; ++i)
        text += "--b" + std::to_string(i) + "\r\nContent-Type: multipart/mixed; boundary=b" +
                std::to_string(i + 1) + "\r\n\r\n";
    CHECK_NOTHROW(read_mail(text));
}

TEST_CASE("bounce: ordinary error text is no mail", "[mime]") {
    CHECK_FALSE(looks_like_mail("The host could not be found. Account: 'x', Server: 'y'"));
    CHECK_FALSE(looks_like_mail(""));
    CHECK_NOTHROW(read_mail(""));
}
