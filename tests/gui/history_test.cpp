// History with a real store.
#include "gui/model/history.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>

#include "gui/model/scenes.h"

using namespace maildoctor;
using namespace maildoctor::gui;

TEST_CASE("runs are kept, listed and compared", "[gui][history]") {
    const auto folder = std::filesystem::temp_directory_path() / "maildoctor-gui-history-test";
    std::filesystem::remove_all(folder);
    HistoryModel history;
    history.store = folder / "deeper" / "runs.sqlite";
    CHECK(history.load().empty());
    CHECK(history.runs().empty());

    Report broken = example_report(Language::english);
    Report mended = broken;
    mended.findings.clear();
    mended.verdict = Verdict::ok;
    REQUIRE(history.keep(broken).empty());
    REQUIRE(history.keep(mended).empty());
    REQUIRE(history.load().empty());
    REQUIRE(history.runs().size() == 2);
    for (const PastRun& run : history.runs())
        history.choose(run.id);
    CHECK(history.chosen_count() == 2);
    REQUIRE(history.compare().empty());
    REQUIRE(history.compared());
    CHECK(std::ranges::any_of(history.differences(), [](const PastDifference& difference) {
        return difference.before == "problem" && difference.after == "ok";
    }));
    history.wanted = "nobody@nowhere.example";
    REQUIRE(history.load().empty());
    CHECK(history.runs().empty());
    std::filesystem::remove_all(folder);
}

TEST_CASE("a store that is none is one line", "[gui][history]") {
    const auto file = std::filesystem::temp_directory_path() / "maildoctor-gui-history-test.txt";
    std::filesystem::remove_all(file);
    std::filesystem::create_directories(file);
    HistoryModel history;
    history.store = file;
    const std::string fault = history.load();
    CHECK_FALSE(fault.empty());
    CHECK(fault.find('\n') == std::string::npos);
    std::filesystem::remove_all(file);
}
