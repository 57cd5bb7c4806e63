#include "core/json/json.h"

#include <catch2/catch.hpp>
#include <string>

using maildoctor::json::read;

TEST_CASE("json: every kind of value is read", "[json]") {
    const auto value =
        read(R"({"text":"a\u00e4\n","whole":-3,"large":9007199254740993,"part":1.5,"yes":true,"no":false,
                                "none":null,"list":[1,"b",{}],"empty":{}})");
    REQUIRE(value);
    CHECK((*value)["text"].text() == "a\xC3\xA4\n");
    CHECK((*value)["whole"].integer() == -3);
    CHECK((*value)["large"].integer() == 9007199254740993);
    CHECK((*value)["part"].integer(7) == 7);
    CHECK((*value)["yes"].boolean());
    CHECK_FALSE((*value)["no"].boolean());
    CHECK((*value)["none"].is_null());
    REQUIRE((*value)["list"].array().size() == 3);
    CHECK((*value)["list"].array()[1].text() == "b");
    CHECK((*value)["empty"].is_object());
    CHECK(value->object().front().first == "text");
}

TEST_CASE("json: asking for what is not there gives the empty answer", "[json]") {
    const auto value = read(R"({"a":{"b":[1]}})");
    REQUIRE(value);
    CHECK((*value)["x"]["y"]["z"].is_null());
    CHECK((*value)["a"].text().empty());
    CHECK((*value)["a"]["b"].object().empty());
    CHECK((*value)["a"].any_case("B").array().size() == 1);
}

TEST_CASE("json: of members with one name the last counts", "[json]") {
    const auto value = read(R"({"a":1,"a":2})");
    REQUIRE(value);
    CHECK((*value)["a"].integer() == 2);
}

TEST_CASE("json: a byte order mark is skipped", "[json]") {
    CHECK(read("\xEF\xBB\xBF{\"a\":1}"));
}

TEST_CASE("json: what is no JSON is refused", "[json]") {
    const char* const text =
        GENERATE("", "  \n", "{", "[1,", "{\"a\"}", "{\"a\":}", "tru", "nonsense", "{\"a\":1}}",
                 "{\"a\":1} trailing", "'a'", "[1 2]", "\"open", "{1:2}", "[1,2]]");
    CAPTURE(text);
    CHECK_FALSE(read(text));
}

TEST_CASE("json: the bounds hold", "[json]") {
    const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
    CHECK(read(deep).error() == "is nested too deep");
    std::string objects;
    for (int i = 0; i < 5000; ++i)
        objects += "{\"a\":";
    CHECK_FALSE(read(objects));
    std::string wide = "[0";
    for (int i = 0; i < 2000; ++i)
        wide += ",0";
    wide += "]";
    CHECK(read(wide, {.values = 1000}).error() == "holds too many values");
    CHECK(read(wide, {.values = 3000}));
    CHECK(read(wide, {.octets = 100}).error() == "is too large");
    (void)read("[1e99999999]");  // whatever it becomes, it does not end the program
}
