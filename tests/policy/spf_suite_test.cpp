// The public SPF test suite (tests/policy/spf), every test of it.
#include <catch2/catch.hpp>

#include "core/async/loop.h"
#include "core/policy/spf_check.h"
#include "tests/policy/json.h"
#include "tests/policy/table.h"

using namespace maildoctor;

namespace {

using testing::Json;

/// Code points below 256 stand for octets.
std::string octets(const std::string& utf8) {
    std::string out;
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const auto c = static_cast<unsigned char>(utf8[i]);
        if (c < 0x80 || i + 1 == utf8.size()) {
            out += utf8[i];
        } else {
            out += static_cast<char>(((c & 0x3U) << 6U) | (static_cast<unsigned char>(utf8[++i]) & 0x3fU));
        }
    }
    return out;
}

void add_record(testing::Table& table, const std::string& name, const Json& record) {
    const std::string& type = record["type"].text;
    std::vector<std::string> value = record["value"].texts();
    for (std::string& part : value)
        part = octets(part);
    if (type == "TIMEOUT") {
        table.fails(name, DnsStatus::no_answer);
    } else if (type == "TXT") {
        std::string whole;
        for (const std::string& part : value)
            whole += part;
        table.txt(name, whole);
    } else if (type == "A" || type == "AAAA") {
        table.address(name, value.at(0));
    } else if (type == "MX") {
        table.mx(name, static_cast<std::uint16_t>(std::stoi(value.at(0))), value.at(1));
    } else if (type == "PTR") {
        table.ptr(name, value.at(0));
    } else if (type == "CNAME") {
        table.alias(name, value.at(0));
    } else {
        FAIL("unknown record type " << type);
    }
}

policy::SpfVerdict run(testing::Table& table, const Json& test) {
    async::Loop loop;
    return loop.run_for(policy::check_host(table.ask(), {.address = *IpAddress::from(test["host"].text),
                                                         .mail_from = octets(test["mailfrom"].text),
                                                         .helo = octets(test["helo"].text),
                                                         .receiver = "receiver.example"}));
}

}  // namespace

TEST_CASE("spf: the public test suite of RFC 7208", "[policy][spf]") {
    const Json scenarios = testing::read_json(MAILDOCTOR_SPF_SUITE);
    std::size_t count = 0;
    for (const Json& scenario : scenarios.items) {
        testing::Table table;
        for (const Json& entry : scenario["zone"].items) {
            for (const Json& record : entry["records"].items)
                add_record(table, octets(entry["name"].text), record);
        }
        for (const Json& test : scenario["tests"].items) {
            INFO(scenario["description"].text << ": " << test["name"].text);
            const policy::SpfVerdict verdict = run(table, test);
            const std::string result(word(verdict.result));
            INFO("problem: " << verdict.problem);
            CHECK_THAT(test["result"].texts(), Catch::Matchers::VectorContains(result));
            const std::string want = octets(test["explanation"].text);
            if (!want.empty() && result == "fail")
                CHECK((verdict.explanation.empty() ? "DEFAULT" : verdict.explanation) == want);
            ++count;
        }
    }
    CHECK(count == 203);
}
