// Rules of one's own join the built-in ones.
#include <catch2/catch.hpp>

#include "core/explain/explain.h"
#include "core/knowledge/compile.h"

using namespace maildoctor;

namespace {

const char* const own_rule = R"(topic = "our firm"
source = { url = "https://intranet.example/mail", checked = "2026-11-22" }
[[rule]]
id = "firm-quarantine"
cause = "smtp.content-rejected"
rank = "provider"
[rule.match]
phrases = ["parked by the gatekeeper"]
[rule.examples]
match = ["550 parked by the gatekeeper"]
no_match = ["550 no such user"]
)";

}  // namespace

TEST_CASE("own rules: join the built-in ones", "[explain]") {
    const knowledge::LoadedPack own = knowledge::load_rules(own_rule);
    REQUIRE(own.pack);
    const knowledge::Pack both = knowledge::built_in().with(*own.pack);

    const Clues ours = explain::explain("550 parked by the gatekeeper", both);
    REQUIRE_FALSE(ours.causes.empty());
    CHECK(ours.causes.front().cause == Cause::smtp_content_rejected);
    CHECK(ours.causes.front().matched.front().rule == "firm-quarantine");

    const char* const known = "550 5.1.1 <kim@example.org>: Recipient address rejected: User unknown";
    const Clues built_in = explain::explain(known), with_ours = explain::explain(known, both);
    REQUIRE(built_in.causes.size() == with_ours.causes.size());
    CHECK(with_ours.causes.front().cause == Cause::smtp_recipient_unknown);
    CHECK(with_ours.causes.front().matched.front().rule == built_in.causes.front().matched.front().rule);
}

TEST_CASE("own rules: classify replies of servers, too", "[explain]") {
    const knowledge::LoadedPack own = knowledge::load_rules(own_rule);
    REQUIRE(own.pack);
    const auto causes = explain::classify_reply("550 parked by the gatekeeper",
                                                {.protocol = Protocol::smtp, .stage = explain::Stage::data},
                                                knowledge::built_in().with(*own.pack));
    REQUIRE_FALSE(causes.empty());
    CHECK(causes.front().matched.front().rule == "firm-quarantine");
}

TEST_CASE("own rules: a fault is told with its place", "[knowledge]") {
    const knowledge::LoadedPack own =
        knowledge::load_rules("topic = \"x\"\n[[rule]]\nid = \"y\"\ncause = \"no.such\"\n");
    CHECK_FALSE(own.pack);
    CHECK(knowledge::faults_of(own).find("rules.toml:") == 0);
}
