// rules/limits and rules/tls/interceptors.toml as they are read: what is missing or makes no sense is said.
#include <catch2/catch.hpp>
#include <string>

#include "core/knowledge/source.h"

using namespace maildoctor::knowledge;

namespace {

struct Read {
    Sources sources{};
    std::string complaints{};
};

Read read(const std::string& name, const std::string& toml) {
    Read out;
    std::vector<Complaint> complaints;
    out.sources = read_sources({{name, toml}}, complaints);
    for (const Complaint& complaint : complaints)
        out.complaints += complaint.text + "\n";
    return out;
}

std::string limit(const std::string& lines) {
    return "[[connections]]\nid = 'x'\nserver = 'X'\nchecked = 'never'\nsource = ['y']\n" + lines;
}

}  // namespace

TEST_CASE("limits: an entry is read as it stands", "[knowledge][limits]") {
    const Read good =
        read("limits/connections.toml",
             limit("pattern = '(?:too) many \\((\\d+)\\)'\nsays = 7\nexamples = ['too many (7)']\n"));
    CHECK(good.complaints.empty());
    REQUIRE(good.sources.connection_limits.size() == 1);
    CHECK(good.sources.connection_limits.front().says == 7);
}

TEST_CASE("limits: what does not fit together is said", "[knowledge][limits]") {
    const auto [lines, words] = GENERATE(table<std::string, std::string>({
        {"pattern = 'x'\nexamples = ['x']\nsays = 7\n", "belong together"},
        {"pattern = '(\\d+)'\nexamples = ['x']\n", "belong together"},
        {"pattern = '(\\d+)'\nexamples = ['x']\nsays = -1\n", "not a number of connections"},
        {"pattern = 'x'\n", "an example is needed"},
        {"examples = ['x']\n", "'pattern' is missing"},
        {"pattern = 'x'\nexamples = ['x']\nspeed = 9\n", "speed"},
    }));
    INFO(lines);
    CHECK(read("limits/connections.toml", limit(lines)).complaints.contains(words));
}

TEST_CASE("interceptors: without the day of the last look the linter complains", "[knowledge][rules]") {
    const std::string entry =
        "[[interceptor]]\nid = 'x'\nname = 'X'\nkind = 'firewall'\nissuers = ['Example Inspection CA']\n"
        "source = ['https://example.org/']\n";
    CHECK(read("tls/interceptors.toml", entry).complaints.contains("'checked' is missing"));
    CHECK(read("tls/interceptors.toml", entry + "checked = 2026-11-22\n").complaints.empty());
    CHECK(read("tls/interceptors.toml", entry + "checked = 'never'\n").sources.interceptors.front().checked ==
          "never");
}
