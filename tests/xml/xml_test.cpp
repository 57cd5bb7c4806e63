#include "core/xml/xml.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <string>

using namespace maildoctor::xml;

TEST_CASE("xml: elements carry their place, text and attributes", "[xml]") {
    const auto root =
        parse_xml("<?xml version='1.0'?>\n<a x='1'>\n  <n:b>t<!-- c -->u<![CDATA[<v>]]></n:b></a>");
    REQUIRE(root);
    CHECK(root->name == "a");
    CHECK(root->line == 2);
    CHECK(root->column == 1);
    REQUIRE(root->attribute("x"));
    CHECK(*root->attribute("x") == "1");
    CHECK(root->attribute("y") == nullptr);
    const Element* const b = root->child("b");
    REQUIRE(b);
    CHECK(b->text == "tu<v>");
    CHECK(b->line == 3);
    CHECK(b->column == 3);
}

TEST_CASE("xml: faults are told apart", "[xml]") {
    const auto [bytes, kind, line] = GENERATE(table<std::string, std::string, std::size_t>({
        {"<a>\n<b></a>", "not-well-formed", 2},
        {"<a>\n<b>", "truncated", 2},
        {"<a>\n<b c='", "truncated", 2},
        {"<a><![CDATA[", "truncated", 1},
        {"", "not-well-formed", 1},
        {"hello", "not-well-formed", 1},
        {"<a/><b/>", "not-well-formed", 1},
        {"<!DOCTYPE a [\n<!ENTITY e 'x'>]><a>&e;</a>", "forbidden-entity", 2},
        {"<!DOCTYPE a [<!-- <!ENTITY -->\n<!ENTITY % e SYSTEM 'file:///etc/passwd'> %e;]><a/>",
         "forbidden-entity", 2},
        {"<!DOCTYPE a SYSTEM '<!--' [<!ENTITY e 'x'>]><a>&e;</a>", "forbidden-entity", 1},
    }));
    CAPTURE(bytes);
    const auto root = parse_xml(bytes);
    REQUIRE_FALSE(root);
    CHECK(root.error().kind == kind);
    CHECK(root.error().line == line);
}

TEST_CASE("xml: the word of an entity declaration in text, a comment or a bare document type is no fault",
          "[xml]") {
    CHECK(parse_xml("<!-- <!ENTITY a 'b'> --><a/>"));
    CHECK(parse_xml("<a><![CDATA[<!ENTITY a 'b'>]]></a>"));
    CHECK(parse_xml(
        "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://127.0.0.1:9/x.dtd\"><plist/>"));
}

TEST_CASE("xml: an entity bomb is refused at once", "[xml]") {
    std::string bomb = "<!DOCTYPE b [<!ENTITY a0 'aaaaaaaaaa'>";
    for (int i = 1; i < 20; ++i) {
        bomb += "<!ENTITY a" + std::to_string(i) + " '";
        for (int k = 0; k < 10; ++k)
            bomb += "&a" + std::to_string(i - 1) + ";";
        bomb += "'>";
    }
    bomb += "]><b>&a19;</b>";
    const auto started = std::chrono::steady_clock::now();
    for (const bool wide : {false, true}) {
        std::string bytes = wide ? "\xFF\xFE" : "";
        for (const char c : bomb) {
            bytes += c;
            if (wide) bytes += '\0';
        }
        const auto root = parse_xml(bytes);
        REQUIRE_FALSE(root);
        CHECK(root.error().kind == "forbidden-entity");
    }
    CHECK(std::chrono::steady_clock::now() - started < std::chrono::seconds(2));
}

TEST_CASE("xml: bounds hold", "[xml]") {
    std::string deep;
    for (int i = 0; i < 2000; ++i)
        deep += "<a>";
    CHECK(parse_xml(deep).error().kind == "too-deep");
    std::string many = "<a>";
    for (std::size_t i = 0; i <= max_elements; ++i)
        many += "<b/>";
    CHECK(parse_xml(many + "</a>").error().kind == "too-large");
    CHECK(parse_xml(std::string(max_document + 1, ' ')).error().kind == "too-large");
}
