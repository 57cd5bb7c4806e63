// IMAP responses.
#include "core/protocol/imap_response.h"

#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/parser_properties.h"

using namespace maildoctor;
using namespace maildoctor::protocol;
using Kind = ImapResponse::Kind;
using Condition = ImapResponse::Condition;

namespace {

ImapResponse response_of(std::string_view bytes) {
    const auto response = maildoctor::testing::check_parser(&take_imap_response, bytes);
    REQUIRE(response);
    return *response;
}

FailureKind failure_of(std::string_view bytes) {
    const auto response = take_imap_response(bytes);
    REQUIRE_FALSE(response);
    return response.error().kind;
}

}  // namespace

TEST_CASE("imap response: reads a greeting with capabilities", "[protocol][imap]") {
    const auto response = response_of(
        "* OK [CAPABILITY IMAP4rev1 SASL-IR STARTTLS LOGINDISABLED AUTH=PLAIN auth=login] Dovecot "
        "ready.\r\n");
    CHECK(response.kind == Kind::untagged);
    CHECK(response.condition == Condition::ok);
    CHECK(response.code == "CAPABILITY");
    CHECK(response.text == "Dovecot ready.");
    const ImapCapabilities offer = read_imap_capabilities(response.capabilities);
    CHECK(offer.auth == std::vector<std::string>{"PLAIN", "LOGIN"});
    CHECK(offer.starttls);
    CHECK(offer.login_disabled);
    CHECK(offer.sasl_ir);
    CHECK(offer.imap4rev1);
}

TEST_CASE("imap response: tells the kinds apart", "[protocol][imap]") {
    const auto [bytes, kind, condition, code,
                text] = GENERATE(table<std::string, Kind, Condition, std::string, std::string>({
        {"* BYE Too many connections\r\n", Kind::untagged, Condition::bye, "", "Too many connections"},
        {"* PREAUTH ready\r\n", Kind::untagged, Condition::preauth, "", "ready"},
        {"* no [ALERT] Web login required\r\n", Kind::untagged, Condition::no, "ALERT", "Web login required"},
        {"a1 OK done\r\n", Kind::tagged, Condition::ok, "", "done"},
        {"a2 NO [AUTHENTICATIONFAILED] Authentication failed.\n", Kind::tagged, Condition::no,
         "AUTHENTICATIONFAILED", "Authentication failed."},
        {"a3 BAD\r\n", Kind::tagged, Condition::bad, "", ""},
        {"a4 NO [UNCLOSED text\r\n", Kind::tagged, Condition::no, "", "[UNCLOSED text"},
        {"+ \r\n", Kind::continuation, Condition::none, "", ""},
        {"+\r\n", Kind::continuation, Condition::none, "", ""},
        {"+ idling\r\n", Kind::continuation, Condition::none, "", "idling"},
        {"* 23 EXISTS\r\n", Kind::data, Condition::none, "", "23 EXISTS"},
        {"* OK words that end like a literal {5}\r\n", Kind::untagged, Condition::ok, "",
         "words that end like a literal {5}"},
    }));
    const auto response = response_of(bytes);
    CHECK(response.kind == kind);
    CHECK(response.condition == condition);
    CHECK(response.code == code);
    CHECK(response.text == text);
}

TEST_CASE("imap response: takes literals with their length", "[protocol][imap]") {
    std::string_view bytes = "* LIST () \"/\" {5}\r\nIN\r\nX {3+}\r\n{9}\r\na1 OK\r\n";
    const auto response = take_imap_response(bytes);
    REQUIRE(response);
    REQUIRE(*response);
    CHECK((*response)->text == "LIST () \"/\" {5}\nIN\r\nX {3+}\n{9}");
    CHECK(bytes == "a1 OK\r\n");
    CHECK(response_of("* LIST () \"/\" {0}\r\n\r\n").text == "LIST () \"/\" {0}\n");
}

TEST_CASE("imap response: refuses other protocols and what is too large", "[protocol][imap]") {
    CHECK(failure_of("220 mail.example.org ESMTP\r\n") == FailureKind::bad_syntax);
    CHECK(failure_of("+OK POP3 ready\r\n") == FailureKind::bad_syntax);
    CHECK(failure_of("HTTP/1.1 400 Bad Request\r\n") == FailureKind::bad_syntax);
    CHECK(failure_of("\r\n") == FailureKind::bad_syntax);
    CHECK(failure_of("* \r\n") == FailureKind::bad_syntax);
    CHECK(failure_of("a1 MAYBE\r\n") == FailureKind::bad_syntax);
    CHECK(failure_of("* " + std::string(imap_bounds::line, 'x')) == FailureKind::too_large);
    CHECK(failure_of("* LIST {99999999}\r\n") == FailureKind::too_large);
    std::string literals = "* LIST {0}\r\n";
    while (literals.size() <= imap_bounds::response + 100)
        literals += "{0}\r\n";
    CHECK(failure_of(literals) == FailureKind::too_large);
}

TEST_CASE("imap response: a number too large for a literal is text", "[protocol][imap]") {
    CHECK(response_of("* LIST {99999999999999999999999}\r\n").text == "LIST {99999999999999999999999}");
}
