#include "core/doctor/isp_policy.h"

#include <catch2/catch.hpp>

using namespace maildoctor;

namespace {

std::string complaint(const std::string& text) {
    const auto policy = doctor::read_isp_policy(text, "policy.toml");
    return policy ? "" : policy.error();
}

}  // namespace

TEST_CASE("policy file: values and their order", "[doctor]") {
    const auto policy = doctor::read_isp_policy(
        "tls_minimum = \"1.2\"\npop3 = \"off\"\ndmarc = \"quarantine\"\nspf_all = \"-all\"\ndkim = [\"a\", "
        "\"b\"]\n",
        "policy.toml");
    REQUIRE(policy);
    REQUIRE(policy->demands.size() == 5);
    CHECK(policy->demands[0].number == 2);
    CHECK_FALSE(policy->demands[1].flag);
    CHECK(policy->demands[2].number == 1);
    CHECK(policy->demands[2].wanted == "quarantine");
    CHECK(policy->demands[3].number == 1);
    CHECK(policy->demands[4].texts == std::vector<std::string>{"a", "b"});
    CHECK(policy->find(IspRule::dmarc) == &policy->demands[2]);
    CHECK(policy->find(IspRule::dane) == nullptr);
}

TEST_CASE("policy file: complaints name the line and what is expected", "[doctor]") {
    CHECK(complaint("dmark = \"none\"") == "policy.toml:1: unknown key 'dmark'; did you mean 'dmarc'?");
    CHECK(complaint("\ndmarc = \"strict\"") ==
          "policy.toml:2: dmarc: expected one of \"none\", \"quarantine\", \"reject\"");
    CHECK(complaint("mta_sts = \"\"") == "policy.toml:1: mta_sts: expected one of \"testing\", \"enforce\"");
    CHECK(complaint("spf = 1") == "policy.toml:1: spf: expected true or false");
    CHECK(complaint("dane") != "");
    CHECK(complaint("") == "policy.toml: it demands nothing");
}

TEST_CASE("policy file: every rule has a key of its own", "[doctor]") {
    for (const IspRuleInfo& info : isp_rules) {
        CAPTURE(info.key);
        CHECK(std::ranges::count(isp_rules, info.key, &IspRuleInfo::key) == 1);
        CHECK(std::ranges::count(isp_rules, info.rule, &IspRuleInfo::rule) == 1);
        CHECK((info.value == IspValue::word) == !info.words.front().empty());
    }
}
