// The project's own collection of real wordings: the first cause must be right for nearly all of them.
#include <catch2/catch.hpp>
#include <fstream>

#include "core/explain/explain.h"

using namespace maildoctor;

TEST_CASE("known texts: the first cause is right", "[explain]") {
    std::ifstream in(MAILDOCTOR_SOURCE_DIR "/tests/explain/known_texts.tsv");
    REQUIRE(in);
    std::size_t all = 0, right = 0;
    for (std::string line; std::getline(in, line);) {
        const std::size_t tab = line.find('\t');
        if (line.starts_with('#') || tab == std::string::npos) continue;
        std::string text;
        for (std::size_t i = tab + 1; i < line.size(); ++i) {
            const bool escape = line[i] == '\\' && i + 1 < line.size();
            text += escape ? (line[i + 1] == 'n' ? '\n' : line[i + 1]) : line[i];
            i += escape ? 1 : 0;
        }
        const std::string expected = "|" + line.substr(0, tab) + "|";
        const Clues clues = explain::explain(text);
        ++all;
        const bool hit =
            !clues.causes.empty() &&
            expected.find("|" + std::string(cause_id(clues.causes.front().cause)) + "|") != std::string::npos;
        right += hit;
        if (!hit) WARN(expected << " expected for: " << text);
    }
    CHECK(all > 250);
    CHECK(right * 100 >= all * 98);
}
