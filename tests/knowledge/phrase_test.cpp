#include "core/knowledge/phrase.h"

#include <catch2/catch.hpp>

#include "core/knowledge/code_names.h"

using namespace maildoctor::knowledge;

TEST_CASE("phrase: gaps, alternatives and stems are understood", "[knowledge]") {
    const auto phrase = read_phrase("{mailbox|inbox} {is|} .. relay* @ #");
    REQUIRE(phrase);
    REQUIRE(phrase->size() == 2);
    CHECK(phrase->front().front().alternatives.size() == 2);
    CHECK(phrase->back().front().alternatives.front().front().kind == PhraseItem::Kind::stem);
}

TEST_CASE("phrase: what cannot be matched is refused with a reason", "[knowledge]") {
    for (const char* const text : {"", "..", "a ..", ".. a", "{a|b", "{a .. b}", "{|}", "x*", "{a|{b}}"}) {
        INFO(text);
        CHECK(phrase_fault(text).has_value());
    }
    CHECK_FALSE(phrase_fault("user .. unknown"));
}

TEST_CASE("codes: every spelling has one name", "[knowledge]") {
    CHECK(code_names("0x800ccc0d") == std::vector<std::string>{"0x800CCC0D"});
    CHECK(code_names("5.7.606-608") == std::vector<std::string>{"5.7.606", "5.7.607", "5.7.608"});
    CHECK(code_names("[in-use]") == std::vector<std::string>{"[IN-USE]"});
    CHECK(code_names("errno 111 (Linux)") == std::vector<std::string>{"errno 111"});
    CHECK(code_names("User unknown").empty());
    CHECK(families_of("5.7.26").front() == "X.7.26");
    CHECK(hresult(0x800CCC0DU) == "0x800CCC0D");
}
