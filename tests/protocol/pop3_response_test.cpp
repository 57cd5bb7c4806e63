// POP3 status lines, bodies, stamps and CAPA.
#include "core/protocol/pop3_response.h"

#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/parser_properties.h"

using namespace maildoctor;
using namespace maildoctor::protocol;
using Kind = Pop3Status::Kind;

TEST_CASE("pop3 status: reads kind, code and words", "[protocol][pop3]") {
    const auto [bytes, kind, code, text] = GENERATE(table<std::string, Kind, std::string, std::string>({
        {"+OK Dovecot ready.\r\n", Kind::ok, "", "Dovecot ready."},
        {"+OK\r\n", Kind::ok, "", ""},
        {"+ok small\n", Kind::ok, "", "small"},
        {"-ERR [AUTH] Authentication failed.\r\n", Kind::err, "AUTH", "[AUTH] Authentication failed."},
        {"-ERR [in-use] locked\r\n", Kind::err, "IN-USE", "[in-use] locked"},
        {"-ERR [SYS/TEMP] later\r\n", Kind::err, "SYS/TEMP", "[SYS/TEMP] later"},
        {"-ERR [not closed\r\n", Kind::err, "", "[not closed"},
        {"-ERR [two words] x\r\n", Kind::err, "", "[two words] x"},
        {"+ PDE4OTYuNjk3MTcwOTUyQHg+\r\n", Kind::challenge, "", "PDE4OTYuNjk3MTcwOTUyQHg+"},
        {"+ \r\n", Kind::challenge, "", ""},
        {"+\r\n", Kind::challenge, "", ""},
    }));
    const auto status = maildoctor::testing::check_parser(&take_pop3_status, bytes);
    REQUIRE(status);
    CHECK(status->kind == kind);
    CHECK(status->code == code);
    CHECK(status->text == text);
}

TEST_CASE("pop3 status: refuses other protocols and endless lines", "[protocol][pop3]") {
    const std::string line =
        GENERATE("220 mail.example.org ESMTP", "* OK ready", "", "+OKAY", "OK", "-ERROR x");
    const std::string text = line + "\r\n";
    std::string_view bytes = text;
    const auto status = take_pop3_status(bytes);
    REQUIRE_FALSE(status);
    CHECK(status.error().kind == FailureKind::bad_syntax);
    CHECK(status.error().text == line);

    const std::string endless(pop3_bounds::line, '+');
    bytes = endless;
    REQUIRE_FALSE(take_pop3_status(bytes));
    CHECK(take_pop3_status(bytes).error().kind == FailureKind::too_large);
}

TEST_CASE("pop3 body: ends at the dot and makes doubled dots single", "[protocol][pop3]") {
    std::string_view bytes = "USER\r\n..dotted\r\n\r\n.\r\n+OK next\r\n";
    const auto body = take_pop3_body(bytes);
    REQUIRE(body);
    REQUIRE(*body);
    CHECK(**body == std::vector<std::string>{"USER", ".dotted", ""});
    CHECK(bytes == "+OK next\r\n");
    CHECK(maildoctor::testing::check_parser(&take_pop3_body, "USER\r\n..dotted\r\n\r\n.\r\n") == **body);
}

TEST_CASE("pop3 body: keeps its bounds", "[protocol][pop3]") {
    std::string many;
    for (std::size_t i = 0; i <= pop3_bounds::lines; ++i)
        many += "x\r\n";
    std::string_view bytes = many;
    REQUIRE_FALSE(take_pop3_body(bytes));
    std::string large;
    while (large.size() <= pop3_bounds::body)
        large += std::string(2000, 'x') + "\r\n";
    bytes = large;
    REQUIRE_FALSE(take_pop3_body(bytes));
    CHECK(take_pop3_body(bytes).error().kind == FailureKind::too_large);
}

TEST_CASE("pop3 greeting: finds the stamp of APOP", "[protocol][pop3]") {
    const auto [greeting, stamp] = GENERATE(table<std::string, std::string>({
        {"POP3 server ready <1896.697170952@dbc.mtview.ca.us>", "<1896.697170952@dbc.mtview.ca.us>"},
        {"<not a stamp> <1.2@x>", "<1.2@x>"},
        {"ready", ""},
        {"ready <1.2@x", ""},
        {"see <http://example.org/>", ""},
        {"<a b@x>", ""},
    }));
    CHECK(apop_stamp(greeting) == stamp);
}

TEST_CASE("capa: reads what a server offers", "[protocol][pop3]") {
    const Pop3Capabilities offer =
        read_capa({"CAPA", "TOP", "uidl", "RESP-CODES", "STLS", "USER", "SASL PLAIN login",
                   "LOGIN-DELAY 120 USER", "EXPIRE NEVER", ""});
    CHECK(offer.user);
    CHECK(offer.stls);
    CHECK(offer.response_codes);
    CHECK(offer.sasl == std::vector<std::string>{"PLAIN", "LOGIN"});
    CHECK(offer.login_delay == 120);
    CHECK_FALSE(offer.expire);
    CHECK(offer.lines.size() == 9);
}
