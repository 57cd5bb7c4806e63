// Every row of the code tables that names a cause is explained with one of the causes that the tables give
// for its code.
#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <set>

#include "core/explain/explain.h"

using namespace maildoctor;

TEST_CASE("tables: each code is explained as its tables say", "[explain]") {
    std::map<std::string, std::set<std::string>> causes;
    for (const char* const name : {"apple", "dns", "imail", "mozilla", "openssl", "outlook", "pop-imap",
                                   "providers", "smtp", "winsock"}) {
        std::ifstream in(std::string(MAILDOCTOR_SOURCE_DIR "/rules/codes/") + name + ".tsv");
        REQUIRE(in);
        std::string line;
        std::getline(in, line);
        while (std::getline(in, line)) {
            std::vector<std::string> cells(1);
            for (const char c : line) {
                if (c == '\t')
                    cells.emplace_back();
                else
                    cells.back() += c;
            }
            // A file's key names a message of Thunderbird, it is not what a person sees.
            if (cells.size() < 5 || cells[4].empty() || cells[0].find(".properties:") != std::string::npos ||
                cells[0].find(".ftl:") != std::string::npos || cells[0].find(".dtd:") != std::string::npos)
                continue;
            std::string code = cells[0];
            if (code.starts_with("X.")) code[0] = '5';
            causes[code].insert(cells[4]);
        }
    }
    std::size_t right = 0, answered = 0;
    for (const auto& [code, expected] : causes) {
        const Clues clues = explain::explain(code);
        answered += !clues.causes.empty();
        const bool hit =
            !clues.causes.empty() && expected.contains(std::string(cause_id(clues.causes.front().cause)));
        right += hit;
        if (!hit)
            UNSCOPED_INFO(code << ": expected " << *expected.begin() << ", got "
                               << (clues.causes.empty() ? "nothing" : cause_id(clues.causes.front().cause)));
    }
    INFO(right << " of " << causes.size() << " right, " << answered << " answered");
    CHECK(right * 1000 >= causes.size() * 995);
}
