#include "core/report/clean.h"

#include <catch2/catch.hpp>

#include "core/report/json_writer.h"
#include "core/report/layout.h"
#include "core/report/times.h"

using namespace maildoctor::report;

TEST_CASE("cleaned: one line, bounded, the model's rules", "[report]") {
    CHECK(cleaned(" a b\r\n") == "a b");
    CHECK(cleaned("\x1b[31mred") == "\\x1B[31mred");
    CHECK(cleaned(std::string(2 * text_limit, 'a')).size() <= text_limit);
}

TEST_CASE("redacted: mailbox names and foreign addresses are masked, servers stay", "[report]") {
    const auto [in, out] = GENERATE(table<std::string, std::string>(
        {{"user@example.test", "u…@example.test"},
         {"<änne.müller@example.test>:", "<ä…@example.test>:"},
         {"550 5.1.1 <a@b.example> unknown", "550 5.1.1 <a…@b.example> unknown"},
         {"Hello client [198.51.100.9]", "Hello client [(address removed)]"},
         {"192.0.2.7 port 993", "192.0.2.7 port 993"},
         {"from 2001:db8::1.", "from (address removed)."},
         {"at 10:30:00 version 1.2.3", "at 10:30:00 version 1.2.3"},
         {"nobody @ home", "nobody @ home"},
         {"@example.test", "@example.test"}}));
    CHECK(redacted(in, {"192.0.2.7"}) == out);
}

TEST_CASE("columns: wide, combining and plain characters", "[report]") {
    CHECK(columns("abc") == 3);
    CHECK(columns("日本") == 4);
    CHECK(columns("e\xcc\x81") == 1);
    CHECK(columns("\xf0\x9f\x93\xa7") == 2);
    CHECK(columns("\xff") == 1);
}

TEST_CASE("wrapped: breaks at spaces, and inside a word only when it must", "[report]") {
    CHECK(wrapped("one two three", 9, "- ", "  ") == "- one two\n  three\n");
    CHECK(wrapped("abcdefghij", 6, "", "") == "abcdef\nghij\n");
    CHECK(wrapped("ab abcdefgh", 6, "> ", "  ") == "> ab\n  abcd\n  efgh\n");
    CHECK(wrapped("", 10, "- ", "") == "- \n");
    CHECK(wrapped("日本語", 5, "", "") == "日本\n語\n");
}

TEST_CASE("times: UTC, and nothing breaks outside four-digit years", "[report]") {
    CHECK(rfc3339(0) == "1970-01-01T00:00:00Z");
    CHECK(rfc3339(1'795'294'800) == "2026-11-21T21:00:00Z");
    CHECK(readable_time(1'795'294'800) == "2026-11-21 21:00 UTC");
    CHECK(readable_duration(std::chrono::milliseconds(40)) == "40 ms");
    CHECK(readable_duration(std::chrono::milliseconds(1499)) == "1.5 s");
    CHECK(rfc3339(-1) == "1969-12-31T23:59:59Z");
    CHECK(rfc3339(INT64_MAX) == "9999-12-31T23:59:59Z");
    CHECK(rfc3339(INT64_MIN) == "0000-01-01T00:00:00Z");
}

TEST_CASE("json writer: commas, nesting and escapes", "[report]") {
    JsonWriter json;
    json.begin_object()
        .member("a", 1)
        .member("b\"", "x\\\"")
        .key("c")
        .begin_array()
        .text("1")
        .number(-2)
        .boolean(true)
        .null()
        .end_array();
    json.key("d").begin_object().end_object().member_if_set("e", "").end_object();
    CHECK(json.take() == R"({"a":1,"b\"":"x\\\"","c":["1",-2,true,null],"d":{}})");
    CHECK(json.take().empty());
}
