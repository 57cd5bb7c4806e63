#include "core/explain/quoted_answer.h"

#include <catch2/catch.hpp>
#include <string>

#include "core/explain/explain.h"

using namespace maildoctor;
using namespace maildoctor::explain;

TEST_CASE("quoted answer: found in the languages of the programs", "[explain]") {
    const auto [text, expected] = GENERATE(table<std::string, std::string>({
        {"The mail server responded: [IN-USE] busy\nTry again", "[IN-USE] busy"},
        {"Protocol: POP3, Server Response: '-ERR no such mail', Port: 110", "-ERR no such mail"},
        {"Der Mail-Server pop.example.org antwortete: Postfach belegt", "Postfach belegt"},
        {"Il server di posta ha risposto: relay negato", "relay negato"},
        {"Le serveur a r\xC3\xA9pondu : 550 refus", "550 refus"},
        {"Reactie van server: '553 nee', poort: 25", "553 nee"},
        {"nothing of the kind", ""},
        {"the server responded:", ""},
    }));
    const TextPart part = quoted_answer(text);
    CHECK(text.substr(part.begin, part.end - part.begin) == expected);
}

TEST_CASE("quoted answer: at most 300 octets of the first 8 KiB", "[explain]") {
    const std::string filler(9000, 'x');
    CHECK(quoted_answer(filler + " responded: 550 no").end == 0);
    const TextPart part = quoted_answer("responded: " + filler);
    CHECK(part.end - part.begin == 300);
}

TEST_CASE("quoted answer: outweighs the program's sentence around it", "[explain][mailbox.in-use]") {
    const Clues clues = explain::explain(
        "Sending of password for user kim did not succeed. Mail server pop.example.org responded: [IN-USE] "
        "Unable to lock maildrop");
    REQUIRE_FALSE(clues.causes.empty());
    CHECK(clues.causes.front().cause == Cause::mailbox_in_use);
}
