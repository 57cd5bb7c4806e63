#include "core/knowledge/words.h"

#include <catch2/catch.hpp>

using maildoctor::knowledge::folded_text;

TEST_CASE("words: case, accents and typographic signs make no difference", "[knowledge]") {
    CHECK(folded_text("ZEITÜBERSCHREITUNG") == folded_text("Zeituberschreitung"));
    CHECK(folded_text("Échec de l’envoi") == "echec de l envoi");
    CHECK(folded_text("Straße") == "strasse");
    CHECK(folded_text("0×800CCC0D") == "0x800ccc0d");
}

TEST_CASE("words: contractions read as their two words", "[knowledge]") {
    for (const char* const text : {"can't send", "cant send", "cannot send", "can’t send", "can not send"})
        CHECK(folded_text(text) == "can not send");
    CHECK(folded_text("won't") == "will not");
    CHECK(folded_text("doesnt") == "does not");
    CHECK(folded_text("e-mail") == "email");
}

TEST_CASE("words: an address is one word, numbers keep their dots", "[knowledge]") {
    CHECK(folded_text("<kim.o'hara@example.org>: user unknown").find("@") != std::string::npos);
    CHECK(folded_text("<kim@example.org>: 5.1.1 no") == "@ 5.1.1 no");
    CHECK(folded_text("550-5.7.1 x") == "550 5.7.1 x");
    CHECK(folded_text("failed.Please") == "failed please");
}

TEST_CASE("words: octets that are not UTF-8 separate and never hang", "[knowledge]") {
    CHECK(folded_text("a\xff\xfe"
                      "b") == "a b");
    CHECK(folded_text(std::string(5000, '\xc3')).empty());
    CHECK(folded_text(std::string(100000, 'a')).size() < 100);
}
