// Refusals of one connection too many, by the rules under rules/limits.
#include "core/explain/refused_connection.h"

#include <catch2/catch.hpp>
#include <string>

using namespace maildoctor;
using explain::refused_connection;
using knowledge::Section;

TEST_CASE("refused connections: each rule reads its own examples first", "[explain][limits]") {
    const knowledge::Pack& pack = knowledge::built_in();
    const auto rules = pack.all<knowledge::ConnectionLimitRecord>(Section::connection_limits);
    CHECK(rules.size() >= 8);
    for (const auto& rule : rules) {
        for (const std::string& example : pack.strings(rule.examples)) {
            INFO(pack.text(rule.id) << ": " << example);
            const auto found = refused_connection(example, pack);
            REQUIRE(found);
            CHECK(found->rule == pack.text(rule.id));
            CHECK(found->allowed.value_or(0) == rule.says);
        }
    }
}

TEST_CASE("refused connections: other refusals name no such limit", "[explain][limits]") {
    const char* const words =
        GENERATE("", "535 5.7.8 Authentication failed", "552 5.3.4 Message size exceeds fixed limit of 20 MB",
                 "452 4.5.3 Too many recipients", "NO [LIMIT] Too many login attempts",
                 "550 only 5 recipients are allowed", "421 4.7.0 try again later",
                 "mail_max_userip_connections=0", "mail_max_userip_connections=99999999999999999999");
    const auto found = refused_connection(words, knowledge::built_in());
    CHECK_FALSE((found && found->allowed));
}
