// Lists of domains, the table's order, and its exports.
#include "gui/model/validate.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>

#include "gui/model/scenes.h"

using namespace maildoctor;
using namespace maildoctor::gui;

namespace {

void fill(ValidateModel& validate) {
    validate.set_domains({"b.example", "a.example", "c.example"});
    Report good;
    good.verdict = Verdict::ok;
    validate.put(0, example_report(Language::english), Language::english);
    validate.put(1, good, Language::english);
    validate.refresh();
}

}  // namespace

TEST_CASE("domains are found in any surroundings, each once", "[gui][validate]") {
    CHECK(domains_in("example.org, <anna@Example.NET>\nhttps://example.com/path\n\texample.org.\n10.0.0.1 "
                     "word \"müller.example\"") ==
          std::vector<std::string>{"example.org", "example.net", "example.com", "xn--mller-kva.example"});
    CHECK(domains_in("").empty());
    CHECK(domains_in(std::string(100000, '.')).empty());
}

TEST_CASE("the table is sorted and filtered", "[gui][validate]") {
    ValidateModel validate({});
    fill(validate);
    CHECK(validate.done() == 2);
    CHECK(validate.problems() == 1);
    validate.sort_by(Column::domain, true);
    CHECK(validate.shown() == std::vector<std::uint32_t>{1, 0, 2});
    validate.sort_by(Column::domain, false);
    CHECK(validate.shown() == std::vector<std::uint32_t>{2, 0, 1});
    validate.sort_by(Column::state, true);
    CHECK(validate.shown().front() == 0);
    validate.filter = "A.EX";
    validate.refresh();
    CHECK(validate.shown() == std::vector<std::uint32_t>{1});
}

TEST_CASE("ten thousand rows are sorted in no time", "[gui][validate]") {
    std::vector<std::string> domains;
    for (int i = 0; i < 10000; ++i)
        domains.push_back("d" + std::to_string(i * 7919 % 10000) + ".example");
    ValidateModel validate({});
    validate.set_domains(domains);
    const auto began = std::chrono::steady_clock::now();
    validate.sort_by(Column::domain, true);
    CHECK(std::chrono::steady_clock::now() - began < std::chrono::milliseconds(200));
    CHECK(validate.row(validate.shown().front()).domain == "d0.example");
}

TEST_CASE("exports hold every shown row and are safe to open", "[gui][validate]") {
    ValidateModel validate({});
    fill(validate);
    const std::string csv = validate.csv(Language::english);
    CHECK(std::ranges::count(csv, '\n') == 4);
    CHECK(csv.find("\"b.example\",\"problem\"") != std::string::npos);
    CHECK(validate.json().starts_with("["));
    CHECK(validate.html(Language::german).find("b.example") != std::string::npos);
    Report hostile = example_report(Language::english);
    hostile.findings.front().title = "=cmd()<script>\"";
    validate.put(2, hostile, Language::english);
    CHECK(validate.csv(Language::english).find("\"'=cmd()<script>\"\"\"") != std::string::npos);
    CHECK(validate.html(Language::english).find("<script>") == std::string::npos);
}
