// Lists of domains, the table's order, and its exports.
#include "gui/model/validate.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

#include "gui/model/scenes.h"

using namespace maildoctor;
using namespace maildoctor::gui;

namespace {

Report about(Report report, const char* domain) {
    report.request.email.reset();
    report.request.domain = *HostName::from(domain);
    return report;
}

void fill(ValidateModel& validate) {
    validate.set_domains({"b.example", "a.example", "c.example"});
    Report good;
    good.verdict = Verdict::ok;
    validate.put(0, {.report = about(example_report(Language::english), "b.example")}, Language::english);
    validate.put(1, {.report = about(std::move(good), "a.example")}, Language::english);
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
    const auto written = [&](report::ValidationFormat format) {
        return validate.written(format, Language::english);
    };
    const std::string csv = written(report::ValidationFormat::csv);
    CHECK(std::ranges::count(csv, '\n') == 3);
    CHECK(csv.find("b.example") != std::string::npos);
    CHECK(written(report::ValidationFormat::json).find("a.example") != std::string::npos);
    CHECK(written(report::ValidationFormat::html).find("b.example") != std::string::npos);
    Report hostile = about(example_report(Language::english), "c.example");
    hostile.findings.front().title = "=cmd()<script>\"";
    validate.put(2, {.report = std::move(hostile)}, Language::english);
    CHECK(written(report::ValidationFormat::html).find("<script>") == std::string::npos);
}

TEST_CASE("a run on a dead resolver ends with every row", "[gui][validate]") {
    ValidateModel validate({});
    validate.set_domains({"a.example", "b.example", "c.example"});
    doctor::Options options{.timeout = std::chrono::seconds(3), .resolvers = {"127.0.0.1:1"}};
    REQUIRE(validate.start(options, Language::english).empty());
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (validate.running() && std::chrono::steady_clock::now() < end) {
        validate.poll(Language::english);
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    CHECK_FALSE(validate.running());
    CHECK(validate.done() == 3);
    CHECK(validate.row(1).verdict != Verdict::ok);
    CHECK(validate.complaint().empty());
}

TEST_CASE("a run that is stopped leaves the rest waiting", "[gui][validate]") {
    ValidateModel validate({});
    std::vector<std::string> domains;
    for (int i = 0; i < 500; ++i)
        domains.push_back("d" + std::to_string(i) + ".example");
    validate.set_domains(domains);
    REQUIRE(validate.start({.resolvers = {"127.0.0.1:1"}}, Language::english).empty());
    validate.cancel();
    while (validate.running()) {
        validate.poll(Language::english);
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    CHECK(validate.done() < 500);
    for (std::size_t i = 0; i < validate.size(); ++i)
        CHECK(validate.row(i).state != RowState::running);
    CHECK(validate.start({.resolvers = {"not an address"}}, Language::english) != "");
}
