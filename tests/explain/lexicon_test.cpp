// What single words say: an answer where no rule matches, and none for text that is about no mail problem.
#include "core/explain/lexicon.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>

#include "core/explain/explain.h"

using namespace maildoctor;

namespace {

/// Lines of a file of rules/lexicon without its comments.
std::vector<std::string> lines_of(const std::string& name) {
    std::ifstream in(MAILDOCTOR_SOURCE_DIR "/rules/lexicon/" + name);
    REQUIRE(in);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) {
        if (!line.empty() && line.front() != '#') lines.push_back(line);
    }
    return lines;
}

}  // namespace

TEST_CASE("lexicon: text about no mail problem has no cause", "[explain]") {
    for (const std::string& text : lines_of("not-mail.txt")) {
        INFO(text);
        CHECK(explain::explain(text).causes.empty());
    }
    for (const std::string text :
         {"The committee met on Thursday and agreed to paint the fence green before the summer begins.",
          "Gestern haben wir im Garten gegrillt, und die Kinder haben bis spät gespielt.",
          "Nous avons visité le musée et mangé une glace au bord de la rivière.", "zzkx qqpw vvtr mmnb llkj",
          "1 2 3 4 5 6 7 8 9 10 11 12", "%%% &&& ### ((( )))"}) {
        INFO(text);
        CHECK(explain::explain(text).causes.empty());
    }
}

TEST_CASE("lexicon: known wordings are explained", "[explain]") {
    std::size_t all = 0, right = 0;
    for (const std::string& line : lines_of("wordings.tsv")) {
        const std::size_t tab = line.find('\t');
        REQUIRE(tab != std::string::npos);
        const Clues clues = explain::explain(line.substr(tab + 1));
        ++all;
        const std::string expected = "|" + line.substr(0, tab) + "|";  // several: any is right
        const bool hit = !clues.causes.empty() &&
                         expected.contains("|" + std::string(cause_id(clues.causes.front().cause)) + "|");
        right += hit;
        if (!hit) UNSCOPED_INFO(line);
    }
    INFO(right << " of " << all);
    CHECK(all > 3000);
    CHECK(right * 100 >= all * 95);
}

TEST_CASE("lexicon: what only words say is no more than possible, and names them", "[explain]") {
    bool seen = false;
    for (const std::string& line : lines_of("wordings.tsv")) {
        const std::string text = line.substr(line.find('\t') + 1);
        const Clues clues = explain::explain(text);
        if (clues.causes.empty() || clues.causes.front().matched.empty() ||
            clues.causes.front().matched.front().rule != "words")
            continue;
        seen = true;
        INFO(text);
        CHECK(clues.causes.front().confidence == Confidence::possible);
        for (const Match& match : clues.causes.front().matched) {
            CHECK(match.begin < match.end);
            CHECK(match.end <= clues.text.size());
        }
    }
    CHECK(seen);
}

TEST_CASE("lexicon: long texts are read no further than their front", "[explain]") {
    const auto& pack = knowledge::built_in();
    const std::string front = "mailbox is full and over quota ";
    const std::string tail(1 << 20, 'x');
    const explain::LexicalReading alone(pack, front), with_tail(pack, front + tail);
    CHECK(alone.known() > 3);
    CHECK(with_tail.known() <= alone.known() + 2);
    CHECK(explain::LexicalReading(pack, "").known() == 0);
}
