#include "core/store/compare.h"

#include <catch2/catch.hpp>
#include <string>

#include "core/store/snapshot.h"

using namespace maildoctor;

namespace {

std::string report(const std::string& verdict, const std::string& more) {
    return R"({"maildoctor":"0.1.0","schema":1,"started":"2026-11-21T21:00:00Z","duration_ms":812,)"
           R"("request":{"email":"user@example.test","incoming":null,"outgoing":null,"for_someone_else":false},"verdict":")" +
           verdict + "\"" + more + "}";
}

std::string server(const std::string& rest) {
    return R"(,"observations":[{"id":0,"probe":"net.connect","subject":{"host":"imap.example.test","port":993,)"
           R"("protocol":"imap","security":"tls"},"answer":"yes","started_ms":1,"took_ms":2,)" +
           rest + "}]";
}

const Difference* find(const Comparison& comparison, const std::string& what) {
    for (const Difference& each : comparison.differences)
        if (each.what == what) return &each;
    return nullptr;
}

}  // namespace

TEST_CASE("compare: two runs that saw the same differ in nothing", "[store]") {
    const std::string first =
        report("ok", server(R"("connects":[{"address":"192.0.2.1","connected":true,"took_us":900}])"));
    std::string second = first;
    second.replace(second.find("21:00"), 5, "23:59");
    const auto result = store::compare(first, second);
    REQUIRE(result);
    CHECK(result->differences.empty());
    CHECK(result->before.started == 1795294800);
    CHECK(result->after.started == 1795294800 + 2 * 3600 + 59 * 60);
    CHECK(result->before.subject == "user@example.test");
    CHECK(result->before.domain == "example.test");
}

TEST_CASE("compare: what changed stands before what it rests on", "[store]") {
    const auto result = store::compare(
        report("ok", server(R"("connects":[{"address":"192.0.2.1","connected":true}])")),
        report(
            "problem",
            R"(,"primary":"net.refused","findings":[{"cause":"net.refused","severity":"error","subject":)"
            R"({"host":"imap.example.test","port":993},"title":"The server is there"}])" +
                server(R"("connects":[{"address":"192.0.2.1","connected":false,"failure":{"stage":"connect",)"
                       R"("kind":"refused"}}])")));
    REQUIRE(result);
    REQUIRE(result->differences.size() == 4);
    CHECK(result->differences[0].what == "verdict");
    CHECK(result->differences[0].before == "ok");
    CHECK(result->differences[0].after == "problem");
    CHECK(result->differences[1].what == "what to mend first");
    CHECK(result->differences[1].change == Difference::Change::appeared);
    CHECK(result->differences[2].section == "finding");
    CHECK(result->differences[2].what == "net.refused at imap.example.test:993");
    CHECK(result->differences[3].what == "imap.example.test:993 (imap, tls) at 192.0.2.1");
    CHECK(result->differences[3].after == "refused");
}

TEST_CASE("compare: a new certificate, other addresses, other settings are told", "[store]") {
    const std::string chain =
        R"("tls":{"completed":true,"version":"TLSv1.3","cipher":"X","faults":[FAULTS],"chain":[{"subject":"CN=a",)"
        R"("issuer":"CN=b","not_after":"2027-01-01T00:00:00Z","sha256":"SUM"}]},"dns":{"name":"imap.example.test",)"
        R"("type":"A","status":"found","addresses":["ADDRESS"],"dnssec":"insecure"})";
    const auto with = [&](std::string faults, const std::string& sum, const std::string& address) {
        std::string text = chain;
        text.replace(text.find("FAULTS"), 6, faults);
        text.replace(text.find("SUM"), 3, sum);
        text.replace(text.find("ADDRESS"), 7, address);
        return text;
    };
    const auto result = store::compare(
        report("ok", R"(,"settings":{"incoming":[{"protocol":"imap","host":"imap.example.test","port":993,)"
                     R"("security":"tls","auth":["plain"],"source":"srv","works":true}],"outgoing":[]})" +
                         server(with("", "aa", "192.0.2.1"))),
        report("ok", server(with("\"expired\"", "bb", "192.0.2.2"))));
    REQUIRE(result);
    const auto* setting = find(*result, "imap.example.test:993 (imap, tls)");
    REQUIRE(setting != nullptr);
    CHECK(setting->section == "setting");
    CHECK(setting->change == Difference::Change::gone);
    const auto* trusted = find(*result, "imap.example.test:993 (imap, tls) is trusted");
    REQUIRE(trusted != nullptr);
    CHECK(trusted->after == "no: expired");
    const auto* name = find(*result, "imap.example.test A");
    REQUIRE(name != nullptr);
    CHECK(name->before == "192.0.2.1");
    CHECK(name->after == "192.0.2.2");
}

TEST_CASE("compare: what is no report is refused, and named", "[store]") {
    const std::string good = report("ok", "");
    const auto [text, why] = GENERATE(table<std::string, std::string>(
        {{"", "is empty"},
         {"{", "is not JSON"},
         {"[]", "is not a report of maildoctor (made by check --format json)"},
         {R"({"maildoctor":1,"verdict":"ok"})",
          "is not a report of maildoctor (made by check --format json)"},
         {R"({"maildoctor":"9","schema":2,"verdict":"ok"})", "has format 2; this maildoctor reads format 1"},
         {std::string(200'000, '['), "is nested too deep"},
         {std::string(store::report_limit + 1, ' '), "is too large"}}));
    const auto first = store::compare(text, good), second = store::compare(good, text);
    REQUIRE_FALSE(first);
    CHECK(first.error().why == why);
    CHECK_FALSE(first.error().second);
    REQUIRE_FALSE(second);
    CHECK(second.error().second);
}

TEST_CASE("compare: members of another shape than ours are no statements", "[store]") {
    const auto result = store::compare(
        report(
            "ok",
            R"(,"findings":{"cause":"x"},"settings":[1],"observations":[1,"a",[],{"dns":[]},{"subject":7}])"),
        report("ok", R"(,"findings":7,"not_tested":[null],"observations":"none")"));
    REQUIRE(result);
    CHECK(result->differences.empty());
}

TEST_CASE("compare: text of a report cannot steer a terminal", "[store]") {
    const auto result = store::compare(
        report("ok", ""), report("ok", R"(,"not_tested":[{"what":"\u001b[2J","because":"\u202e"}])"));
    REQUIRE(result);
    REQUIRE(result->differences.size() == 1);
    CHECK(result->differences[0].what.find('\x1b') == std::string::npos);
    CHECK(result->differences[0].after.find("\u202e") == std::string::npos);
}
