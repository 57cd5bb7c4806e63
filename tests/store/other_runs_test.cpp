// What kept reports tell of servers that are asked again.
#include "core/store/other_runs.h"

#include <catch2/catch.hpp>
#include <string>

using namespace maildoctor;
using store::add_run;

namespace {

std::string report(const std::string& observations, const std::string& started = "2026-11-21T21:00:00Z") {
    return R"({"maildoctor":"0.1.0","schema":1,"verdict":"ok","started":")" + started +
           R"(","observations":[)" + observations + "]}";
}

std::string starttls(const std::string& offered, const std::string& security = "starttls") {
    return R"({"subject":{"host":"mail.example.test","port":587,"protocol":"smtp","security":")" + security +
           R"("},"mail":{"starttls_offered":)" + offered + "}}";
}

const char* const relay = R"({"subject":{"host":"mx.example.test","address":"192.0.2.7","port":25},
    "relay":{"grade":"accepts-data","full":true,"data_code":354,"client":"203.0.113.9","trials":[]}})";

}  // namespace

TEST_CASE("other runs: STARTTLS that was offered is remembered, once a port", "[store]") {
    OtherRuns runs;
    REQUIRE(add_run(report(starttls("true")), "run 7", runs));
    REQUIRE(add_run(report(starttls("true"), "2026-11-20T21:00:00Z"), "run 6", runs));
    REQUIRE(runs.starttls.size() == 1);
    CHECK(runs.starttls.front().host == "mail.example.test");
    CHECK(runs.starttls.front().port == 587);
    CHECK(runs.starttls.front().protocol == Protocol::smtp);
    CHECK(runs.starttls.front().where == "run 7");
    CHECK(runs.starttls.front().when == 1795294800);
    OtherRuns none;
    REQUIRE(add_run(report(starttls("false") + "," + starttls("true", "tls")), "run 8", none));
    CHECK(none.starttls.empty());
}

TEST_CASE("other runs: a relay test is read with its vantage", "[store]") {
    OtherRuns runs;
    REQUIRE(add_run(report(relay), "phone.json", runs));
    REQUIRE(runs.relays.size() == 1);
    const RelaySeen& seen = runs.relays.front();
    CHECK(seen.host == "mx.example.test");
    CHECK(seen.address == "192.0.2.7");
    CHECK(seen.port == 25);
    CHECK(seen.grade == RelayGrade::accepts_data);
    CHECK(seen.client == "203.0.113.9");
}

TEST_CASE("other runs: what is no report, or hostile, adds nothing", "[store]") {
    OtherRuns runs;
    CHECK_FALSE(add_run("", "x", runs));
    CHECK_FALSE(add_run("[1]", "x", runs));
    CHECK_FALSE(add_run(R"({"hello":"world"})", "x", runs));
    REQUIRE(add_run(
        report(R"({"subject":{"host":"a","port":70000,"protocol":"smtp"},"mail":{"starttls_offered":true}},
        {"subject":{"host":"a","port":25},"relay":{"grade":"excellent"}},{"subject":7},7,{"relay":{"grade":"refused"}})"),
        "x", runs));
    CHECK(runs.starttls.empty());
    CHECK(runs.relays.empty());
    std::string many;
    for (int i = 0; i < 400; ++i)
        many += (many.empty() ? "" : ",") + std::string(relay);
    REQUIRE(add_run(report(many), "x", runs));
    CHECK(runs.relays.size() <= 200);
}

TEST_CASE("relay grades: each word leads back to its grade", "[model]") {
    for (int i = 0; i < 6; ++i) {
        const auto grade = static_cast<RelayGrade>(i);
        CHECK(relay_grade_from(word(grade)) == grade);
    }
    CHECK_FALSE(relay_grade_from("open"));
}
