// Text from outside, made safe to show.
#include "core/model/text.h"

#include <catch2/catch.hpp>
#include <string>

#include "core/model/utf8.h"

using namespace maildoctor;
using namespace std::string_literals;

TEST_CASE("cleaned: leaves readable text alone", "[model][text]") {
    const std::string text =
        GENERATE(""s, "220 mail.example.org ESMTP"s, "Grüße aus Köln – 20 €"s,
                 "\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E"s, "back\\slash"s, "\xF0\x9F\x93\xA7"s);
    CHECK(cleaned(text, 200) == text);
}

TEST_CASE("cleaned: shows what would act on a terminal", "[model][text]") {
    const auto [text, shown] = GENERATE(table<std::string, std::string>({
        {"\x1B[2J\x1B]0;owned\x07", "\\x1B[2J\\x1B]0;owned\\x07"},  // clears the screen, sets the title
        {"a\0b"s, "a\\x00b"},
        {"one\r\ntwo", "one\\r\\ntwo"},
        {"a\tb", "a b"},
        {"\x7F", "\\x7F"},
        {"\xC2\x9B"
         "31m",
         "\\u009B31m"},  // CSI as one C1 character
        {"\xE2\x80\xAE"
         "gpj.exe",
         "\\u202Egpj.exe"},             // right-to-left override
        {"\xE2\x81\xA6x", "\\u2066x"},  // isolate
        {"a\xE2\x80\x8B"
         "b",
         "a\\u200Bb"},                      // zero-width space
        {"\xF3\xA0\x81\x81", "\\u0E0041"},  // tag letter
    }));
    CHECK(cleaned(text, 200) == shown);
}

TEST_CASE("cleaned: replaces what is not UTF-8", "[model][text]") {
    const auto [text, shown] = GENERATE(table<std::string, std::string>({
        {"\xFF", "\xEF\xBF\xBD"},
        {"caf\xE9", "caf\xEF\xBF\xBD"},                                            // Latin-1
        {"\xC0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD"},                                  // overlong NUL
        {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},                  // surrogate
        {"\xF4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},  // beyond Unicode
        {"\xE2\x82", "\xEF\xBF\xBD\xEF\xBF\xBD"},                                  // cut in the middle
    }));
    CHECK(cleaned(text, 200) == shown);
}

TEST_CASE("cleaned: cuts between characters and keeps to the limit", "[model][text]") {
    CHECK(cleaned("abcdef", 6) == "abcdef");
    CHECK(cleaned("abcdefg", 6) == "abc\xE2\x80\xA6");
    CHECK(cleaned("ab\xC3\xBC"
                  "def",
                  6) == "ab\xE2\x80\xA6");  // the two octets of ü stay together
    CHECK(cleaned("abc", 2) == "ab");
    CHECK(cleaned("abc", 0).empty());
    CHECK(cleaned("\x1B\x1B\x1B", 8) == "\\x1B\xE2\x80\xA6");  // an escape is not cut either
    CHECK(cleaned(std::string(1 << 20, '\0'), 512).size() <= 512);
}

TEST_CASE("words: compared without regard to case, trimmed of blanks", "[model][text]") {
    CHECK(upper_case("starttls-\xC3\xA4") == "STARTTLS-\xC3\xA4");
    CHECK(same_word("StartTLS", "STARTTLS"));
    CHECK_FALSE(same_word("STARTTL", "STARTTLS"));
    CHECK(trimmed(" \t a b\r\n") == "a b");
    CHECK(trimmed(" \r\n").empty());
}

TEST_CASE("code points: what is not UTF-8 becomes U+FFFD, and every step takes something", "[model][text]") {
    const auto [in, out] =
        GENERATE(table<std::string, std::u32string>({{"a", U"a"},
                                                     {"ü", U"\u00fc"},
                                                     {"\xff", U"\ufffd"},
                                                     {"cut \xe2\x82", U"cut \ufffd\ufffd"},
                                                     {"\xc0\xaf", U"\ufffd\ufffd"},
                                                     {"\xed\xa0\x80", U"\ufffd\ufffd\ufffd"},
                                                     {"\xf0\x9f\x93\xa7", U"\U0001F4E7"}}));
    std::u32string read;
    std::string_view rest = in;
    while (!rest.empty())
        read += take_code_point(rest);
    CHECK(read == out);
}

TEST_CASE("append_utf8: gives back what take_code_point read; what is no character becomes U+FFFD",
          "[model][text]") {
    for (const char32_t point :
         {U'a', U'\u007f', U'\u0080', U'\u07ff', U'\u0800', U'\ufffd', U'\U00010000', U'\U0010FFFF'}) {
        std::string text;
        append_utf8(text, point);
        std::string_view rest = text;
        CHECK(take_code_point(rest) == point);
        CHECK(rest.empty());
    }
    for (const char32_t point : {char32_t{0xD800}, char32_t{0xDFFF}, char32_t{0x110000}}) {
        std::string text;
        append_utf8(text, point);
        CHECK(text == "\xEF\xBF\xBD");
    }
}
