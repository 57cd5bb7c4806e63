#include <catch2/catch.hpp>

#include "core/async/loop.h"
#include "core/policy/spf_check.h"
#include "core/policy/spf_publisher.h"
#include "core/policy/spf_record.h"
#include "tests/policy/table.h"

using namespace maildoctor;
using testing::Table;

namespace {

SpfFacts published(Table table) {
    async::Loop loop;
    return loop.run_for(policy::look_up_spf(table.ask(), *HostName::from("example.test")));
}

SpfFacts record(const std::string& text) {
    return published(
        Table().txt("example.test", text).address("a.test", "192.0.2.1").mx("example.test", 10, "mx.test"));
}

std::string kinds(const SpfFacts& facts) {
    std::string all;
    for (const PolicyFault& fault : facts.record.faults)
        all += (all.empty() ? "" : " ") + fault.kind;
    return all;
}

policy::SpfVerdict check(Table table, const std::string& address, const std::string& sender) {
    async::Loop loop;
    return loop.run_for(policy::check_host(
        table.ask(),
        {.address = *IpAddress::from(address), .mail_from = sender, .helo = "mail.example.test"}));
}

}  // namespace

TEST_CASE("spf publisher: a good record has no faults", "[policy][spf]") {
    const SpfFacts facts = record("v=spf1 mx a:a.test ip4:192.0.2.0/24 ip6:2001:db8::/32 -all");
    CHECK(kinds(facts) == "");
    CHECK(facts.record.better == "");
    CHECK(facts.lookups == 2);
    CHECK(facts.all == "-all");
    CHECK(record("v=spf1 -all").sends_nothing);
    CHECK(published(Table()).record.state == PolicyRecord::State::absent);
    CHECK(published(Table().fails("example.test", DnsStatus::server_failure)).record.state ==
          PolicyRecord::State::unknown);
}

TEST_CASE("spf publisher: what is wrong, and how it should read", "[policy][spf]") {
    const auto [text, faults, better] = GENERATE(table<std::string, std::string, std::string>({
        {"v=spf1 mx +all", "plus-all", "v=spf1 mx ~all"},
        {"v=spf1 mx all", "plus-all", "v=spf1 mx ~all"},
        {"v=spf1 mx ?all", "neutral-all", "v=spf1 mx ~all"},
        {"v=spf1 mx", "no-all", "v=spf1 mx ~all"},
        {"v=spf1 mx ptr -all", "ptr", "v=spf1 mx -all"},
        {"v=spf1 ipv4:192.0.2.1 -all", "unknown-mechanism", "v=spf1 ip4:192.0.2.1 -all"},
        {"v=spf1 192.0.2.1 -all", "unknown-mechanism", "v=spf1 ip4:192.0.2.1 -all"},
        {"v=spf1 include=a.test -all", "mechanism-with-equals", "v=spf1 include:a.test -all"},
        {"v=spf1 ip4:192.0.2.300 -all", "bad-network", "v=spf1 -all"},
        {"v=spf1 mx -all a:a.test", "after-all", ""},
        {"v=spf1 mx mx -all", "repeated-term", ""},
        {"v=spf1 ip4:0.0.0.0/0 -all", "wide-network", "v=spf1 ip4:0.0.0.0/0 -all"},
        {"v=spf1 ip4:10.0.0.1 -all", "private-network", ""},
        {"v=spf1 a:gone.test -all", "void-lookup", ""},
        {"v=spf1 mx include:none.test -all", "include-without-record", "v=spf1 mx -all"},
        {"v=spf1 mx include:example.test -all", "include-loop", "v=spf1 mx -all"},
        {"v=spf1;mx;-all", "bad-version", "v=spf1 ~all"},
    }));
    INFO(text);
    const SpfFacts facts = record(text);
    CHECK(facts.record.faults.front().kind == faults);
    if (!better.empty() && better != text) CHECK(facts.record.better == better);
}

TEST_CASE("spf publisher: look-ups are counted through includes", "[policy][spf]") {
    Table table;
    table.txt("example.test", "v=spf1 include:one.test include:two.test mx -all")
        .mx("example.test", 10, "mx.test");
    table.txt("one.test", "v=spf1 a:a.test a:b.test a:c.test a:d.test ~all");
    table.txt("two.test", "v=spf1 include:three.test ~all")
        .txt("three.test", "v=spf1 a:a.test exists:%{i}.x.test ?all");
    for (const char* name : {"a.test", "b.test", "c.test", "d.test"})
        table.address(name, "192.0.2.9");
    const SpfFacts facts = published(table);
    REQUIRE(facts.costs.size() == 3);
    CHECK(facts.costs[0].lookups == 5);
    CHECK(facts.costs[1].lookups == 4);
    CHECK(facts.lookups == 10);
    CHECK(kinds(facts) == "");
    table.txt("more.test", "v=spf1 include:example.test a ~all");
    async::Loop loop;
    const SpfFacts more = loop.run_for(policy::look_up_spf(table.ask(), *HostName::from("more.test")));
    CHECK(more.lookups == 12);
    CHECK(more.record.has("too-many-lookups"));
}

TEST_CASE("spf publisher: two records become one", "[policy][spf]") {
    const SpfFacts facts = published(Table()
                                         .txt("example.test", "v=spf1 mx ~all")
                                         .txt("example.test", "v=spf1 ip4:192.0.2.1 -all")
                                         .txt("example.test", "something else")
                                         .mx("example.test", 10, "mx.test"));
    CHECK(facts.record.found.size() == 2);
    CHECK(facts.record.has("multiple"));
    CHECK(facts.record.better == "v=spf1 mx ip4:192.0.2.1 ~all");
}

TEST_CASE("spf check: what decides is named", "[policy][spf]") {
    Table table;
    table.txt("example.test", "v=spf1 ip4:192.0.2.0/25 -all exp=why.test")
        .txt("why.test", "%{i} is not of %{d}");
    const policy::SpfVerdict pass = check(table, "192.0.2.5", "user@example.test");
    CHECK(pass.result == policy::SpfResult::pass);
    CHECK(pass.term == "ip4:192.0.2.0/25");
    const policy::SpfVerdict fail = check(table, "192.0.2.200", "user@example.test");
    CHECK(fail.result == policy::SpfResult::fail);
    CHECK(fail.explanation == "192.0.2.200 is not of example.test");
    CHECK(check(table, "::ffff:192.0.2.5", "user@example.test").result == policy::SpfResult::pass);
}
