// base64 and the messages of the simple login mechanisms.
#include "core/protocol/sasl_encoding.h"

#include <catch2/catch.hpp>
#include <string>

using namespace maildoctor;
using namespace maildoctor::protocol;
using namespace std::string_literals;

TEST_CASE("base64: the examples of RFC 4648 section 10, both ways", "[protocol][sasl]") {
    const auto [octets, text] = GENERATE(table<std::string, std::string>({
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
        {"\0\xFF\x10"s, "AP8Q"},
    }));
    CHECK(base64(octets) == text);
    CHECK(from_base64(text) == octets);
    CHECK(base64_secret(Secret(std::string(octets))).reveal() == text);
}

TEST_CASE("base64: is read strictly and within its limit", "[protocol][sasl]") {
    const std::string text = GENERATE("Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm 9v", "Zm9v\n",
                                      "Zm9v====", "====", "Zg==Zg==", "Zm9-", "=Zm9");
    CHECK_FALSE(from_base64(text));
    CHECK(from_base64("Zm9vYmFy", 6) == "foobar");
    CHECK_FALSE(from_base64("Zm9vYmFy", 5));
    CHECK_FALSE(from_base64("Zg==", 0));
}

TEST_CASE("sasl messages: as the documents write them", "[protocol][sasl]") {
    const Secret password("tanstaaftanstaaf");
    CHECK(plain_message("tim", password).reveal() == "\0tim\0tanstaaftanstaaf"s);  // RFC 4616 section 4
    const Secret token("vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg==");
    CHECK(oauthbearer_message("user@example.com", "server.example.com", 143, token).reveal() ==
          "n,a=user@example.com,\1host=server.example.com\1port=143\1auth=Bearer "
          "vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg==\1\1");  // RFC 7628 section 4.1
    CHECK(oauthbearer_message("a,b=c", "x", 25, token).reveal().starts_with("n,a=a=2Cb=3Dc,\1"));
    CHECK(xoauth2_message("someuser@example.com", token).reveal() ==
          "user=someuser@example.com\1auth=Bearer vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg==\1\1");
}

TEST_CASE("imap quoted: escapes quotes and leaves the rest to literals", "[protocol][sasl]") {
    CHECK(imap_quoted("us\"er\\") == "\"us\\\"er\\\\\"");
    CHECK(imap_quoted(Secret("p w"))->reveal() == "\"p w\"");
    CHECK_FALSE(imap_quoted("line\r\nbreak"));
    CHECK_FALSE(imap_quoted(Secret("gr\xC3\xBC\xC3\x9F")));
}
