// The resolver against a scripted server on loopback.
#include "core/dns/resolver.h"

#include <asio/this_coro.hpp>
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "core/async/event.h"
#include "core/async/loop.h"
#include "core/async/when_all.h"
#include "tests/dns/test_server.h"

using namespace maildoctor;
using namespace maildoctor::dns;
using namespace std::chrono_literals;
using test::AnswerParts;
using test::Asked;
using test::Sent;
using test::TestServer;

namespace {

using Answers = std::vector<Sent>;
using Facts = std::shared_ptr<std::vector<DnsFacts>>;

Config config_for(std::vector<platform::NameServer> servers, std::chrono::milliseconds try_limit = 150ms) {
    Config config;
    config.servers = std::move(servers);
    config.validate = false;
    config.try_limit = try_limit;
    return config;
}

std::string bytes_of(const Asked& asked, std::vector<std::string> records) {
    return test::answer_to(asked, AnswerParts{.answer = std::move(records)});
}

Answers send(const Asked& asked, const AnswerParts& parts) {
    return {Sent{.bytes = test::answer_to(asked, parts)}};
}

const std::string address_record = "mail.example.test. 300 IN A 192.0.2.1";

Answers good(const Asked& asked) {
    return send(asked, {.answer = {address_record}});
}

Answers any_name(const Asked& asked) {
    return send(asked, {.answer = {asked.name + ". 60 IN A 192.0.2.1"}});
}

Answers nothing(const Asked&) {
    return {};
}

DnsFacts ask(const Config& config, const std::string& name = "mail.example.test",
             RecordType type = RecordType::a, std::chrono::milliseconds limit = 3s) {
    async::Loop loop;
    const auto resolver = std::make_shared<Resolver>(config);
    return loop.run_for(resolver->lookup(name, type, Deadline::after(limit)));
}

Task<void> look_up(std::shared_ptr<Resolver> resolver, std::chrono::milliseconds limit, Facts out) {
    out->push_back(co_await resolver->lookup("mail.example.test", RecordType::a, Deadline::after(limit)));
}

Task<void> cancel_first(std::shared_ptr<Resolver> resolver, Facts first, Facts second) {
    const auto executor = co_await asio::this_coro::executor;
    async::Group one(executor), two(executor);
    one.start(look_up(resolver, 3s, first));
    two.start(look_up(resolver, 3s, second));
    co_await async::sleep_for(30ms);
    one.cancel();
    co_await one.wait();
    co_await two.wait();
}

Task<void> short_and_long(std::shared_ptr<Resolver> resolver, Facts shorter, Facts longer) {
    async::Group group(co_await asio::this_coro::executor);
    group.start(look_up(resolver, 40ms, shorter));
    group.start(look_up(resolver, 2s, longer));
    co_await group.wait();
}

}  // namespace

TEST_CASE("resolver: a plain answer", "[dns]") {
    const TestServer server(good);
    const DnsFacts facts = ask(config_for({server.address()}), "Mail.Example.TEST.");
    CHECK(facts.status == DnsStatus::found);
    CHECK(facts.name == "mail.example.test");
    CHECK(facts.addresses.at(0).text() == "192.0.2.1");
    CHECK(facts.server == server.address().text());
    CHECK(facts.rcode == 0);
    CHECK(facts.detail.empty());
    CHECK(facts.dnssec == Dnssec::not_checked);
    CHECK(server.asked() == 1);
}

TEST_CASE("resolver: what does not belong to the question is ignored and waiting goes on", "[dns]") {
    const TestServer server([](const Asked& asked) -> Answers {
        const std::string bytes = bytes_of(asked, {address_record});
        std::string wrong_id = bytes, wrong_name = bytes, wrong_type = bytes;
        wrong_id[0] = static_cast<char>(wrong_id[0] ^ 1);
        wrong_name[13] = 'n';
        wrong_type[12 + 19 + 1] = 28;
        const std::string forged = bytes_of(asked, {"mail.example.test. 300 IN A 192.0.2.66"});
        return {
            {.bytes = wrong_id},  {.bytes = wrong_name},          {.bytes = wrong_type},
            {.bytes = "garbage"}, {.bytes = bytes.substr(0, 40)}, {.bytes = forged, .from_elsewhere = true},
            {.bytes = ""},        {.bytes = bytes, .delay = 20ms}};
    });
    const DnsFacts facts = ask(config_for({server.address()}));
    CHECK(facts.status == DnsStatus::found);
    REQUIRE(facts.addresses.size() == 1);
    CHECK(facts.addresses[0].text() == "192.0.2.1");
    CHECK(server.asked() == 1);
}

TEST_CASE("resolver: a lost question is asked again", "[dns]") {
    const TestServer server([](const Asked& asked) { return asked.count < 3 ? Answers{} : good(asked); });
    CHECK(ask(config_for({server.address()})).status == DnsStatus::found);
    CHECK(server.asked() == 3);
}

TEST_CASE("resolver: a late answer to the first try does not disturb the second", "[dns]") {
    const TestServer server([](const Asked& asked) -> Answers {
        return {{.bytes = bytes_of(asked, {address_record}), .delay = asked.count == 1 ? 200ms : 0ms}};
    });
    CHECK(ask(config_for({server.address()})).status == DnsStatus::found);
}

TEST_CASE("resolver: a silent server is passed over, and the next question starts with the good one",
          "[dns]") {
    const TestServer silent(nothing);
    const TestServer server(any_name);
    const auto resolver = std::make_shared<Resolver>(config_for({silent.address(), server.address()}));
    async::Loop loop;
    CHECK(loop.run_for(resolver->lookup("a.test", RecordType::a, Deadline::after(3s))).status ==
          DnsStatus::found);
    CHECK(loop.run_for(resolver->lookup("b.test", RecordType::a, Deadline::after(3s))).status ==
          DnsStatus::found);
    CHECK(silent.asked() == 1);
    CHECK(server.asked() == 2);
}

TEST_CASE("resolver: a refusing port is passed over at once", "[dns]") {
    const TestServer server(good);
    const auto began = Clock::now();
    CHECK(ask(config_for({test::nobody(), test::nobody(), server.address()}, 2s)).status == DnsStatus::found);
    CHECK(Clock::now() - began < 1s);
}

TEST_CASE("resolver: nobody there", "[dns][dns.resolver-unreachable]") {
    const auto began = Clock::now();
    const DnsFacts facts = ask(config_for({test::nobody()}, 2s));
    CHECK(Clock::now() - began < 1s);
    CHECK(facts.status == DnsStatus::no_answer);
    CHECK(facts.detail == "resolver-unreachable");
    CHECK(facts.rcode == -1);
    CHECK(ask(config_for({})).detail == "resolver-unreachable");
}

TEST_CASE("resolver: one that answers nothing at all is told from one silent name",
          "[dns][dns.resolver-unreachable]") {
    const TestServer silent(nothing);
    CHECK(ask(config_for({silent.address()})).detail == "resolver-unreachable");
    const TestServer alive([](const Asked& asked) {
        return asked.name.empty() ? send(asked, {.answer = {". 60 IN NS a.test."}}) : Answers{};
    });
    const DnsFacts facts = ask(config_for({alive.address()}));
    CHECK(facts.status == DnsStatus::no_answer);
    CHECK(facts.detail != "resolver-unreachable");
}

TEST_CASE("resolver: a truncated answer is fetched over TCP", "[dns]") {
    const TestServer server([](const Asked& asked) {
        if (!asked.tcp) return send(asked, {.truncated = true});
        AnswerParts parts;
        for (int i = 0; i < 200; ++i)
            parts.answer.push_back("mail.example.test. 300 IN A 192.0.2." + std::to_string(i));
        return send(asked, parts);
    });
    const DnsFacts facts = ask(config_for({server.address()}));
    CHECK(facts.status == DnsStatus::found);
    CHECK(facts.addresses.size() == 200);
    CHECK(server.asked() == 2);
}

TEST_CASE("resolver: truncated and no good over TCP either", "[dns]") {
    const TestServer server([](const Asked& asked) {
        return asked.tcp ? Answers{{.bytes = "nonsense"}} : send(asked, {.truncated = true});
    });
    const DnsFacts facts = ask(config_for({server.address()}));
    CHECK(facts.status == DnsStatus::malformed);
    CHECK(facts.detail == "malformed");
}

TEST_CASE("resolver: only malformed answers", "[dns]") {
    const TestServer server([](const Asked& asked) { return Answers{{.bytes = asked.bytes}}; });
    CHECK(ask(config_for({server.address()})).status == DnsStatus::malformed);
}

TEST_CASE("resolver: SERVFAIL and REFUSED make it ask the next server", "[dns]") {
    const int rcode = GENERATE(2, 5);
    const TestServer bad([&](const Asked& asked) { return send(asked, {.rcode = rcode}); });
    const TestServer server(good);
    CHECK(ask(config_for({bad.address(), server.address()})).status == DnsStatus::found);
    CHECK(bad.asked() == 1);
}

TEST_CASE("resolver: an old server that does not know EDNS", "[dns]") {
    const TestServer server(
        [](const Asked& asked) { return asked.edns ? send(asked, {.rcode = 1}) : good(asked); });
    CHECK(ask(config_for({server.address()})).status == DnsStatus::found);
    CHECK(server.asked() == 2);
}

TEST_CASE("resolver: failures and their details", "[dns]") {
    const TestServer server([](const Asked& asked) {
        const std::string soa =
            "example.test. 900 IN SOA ns.example.test. root.example.test. 7 3600 600 86400 120";
        if (asked.name == "nothing.example.test") return send(asked, {.authority = {soa}, .rcode = 3});
        if (asked.name == "refused.example.test") return send(asked, {.rcode = 5});
        if (asked.name == "loop.example.test")
            return send(asked, {.answer = {"loop.example.test. 1 IN CNAME loop.example.test."}});
        return send(asked, {.authority = {soa}});
    });
    const Config config = config_for({server.address()});
    CHECK(ask(config, "nothing.example.test").detail == "nxdomain");
    CHECK(ask(config, "refused.example.test").detail == "refused");
    CHECK(ask(config, "empty.example.test").detail == "no-address");
    CHECK(ask(config, "empty.example.test", RecordType::mx).detail == "no-data");
    CHECK(ask(config, "loop.example.test").detail == "cname-loop");
    CHECK(ask(config, "a..b").detail == "bad-name");
    CHECK(ask(config, std::string(64, 'x') + ".test").detail == "bad-name");
}

TEST_CASE("resolver: aliases that the server does not follow are asked on", "[dns][dns.cname-loop]") {
    const TestServer server([](const Asked& asked) {
        if (asked.name == "mail.example.test")
            return send(asked, {.answer = {"mail.example.test. 60 IN CNAME b.test."}});
        if (asked.name == "b.test") return send(asked, {.answer = {"b.test. 30 IN CNAME c.test."}});
        if (asked.name == "x.test") return send(asked, {.answer = {"x.test. 30 IN CNAME y.test."}});
        if (asked.name == "y.test") return send(asked, {.answer = {"y.test. 30 IN CNAME x.test."}});
        return send(asked, {.answer = {"c.test. 90 IN A 192.0.2.9"}});
    });
    const Config config = config_for({server.address()});
    const DnsFacts facts = ask(config);
    CHECK(facts.status == DnsStatus::found);
    CHECK(facts.name == "mail.example.test");
    CHECK(facts.aliases == std::vector<std::string>{"b.test", "c.test"});
    CHECK(facts.ttl == 30);
    CHECK(ask(config, "x.test").detail == "cname-loop");
}

TEST_CASE("resolver: equal questions are asked once", "[dns]") {
    const TestServer server([](const Asked& asked) -> Answers {
        return {{.bytes = bytes_of(asked, {address_record}), .delay = 50ms}};
    });
    const auto resolver = std::make_shared<Resolver>(config_for({server.address()}));
    async::Loop loop;
    std::vector<Task<DnsFacts>> tasks;
    for (int i = 0; i < 10; ++i)
        tasks.push_back(resolver->lookup("mail.example.test", RecordType::a, Deadline::after(3s)));
    for (const DnsFacts& facts : loop.run_for(async::when_all(std::move(tasks))))
        CHECK(facts.addresses.size() == 1);
    CHECK(loop.run_for(resolver->lookup("mail.example.test", RecordType::a, Deadline::after(3s))).status ==
          DnsStatus::found);
    CHECK(server.asked() == 1);
    CHECK(resolver->traffic().datagrams == 1);
    CHECK(resolver->traffic().lookups == 11);
}

TEST_CASE("resolver: a cancelled asker does not break the others", "[dns]") {
    const TestServer server([](const Asked& asked) -> Answers {
        return {{.bytes = bytes_of(asked, {address_record}), .delay = asked.count == 1 ? 100ms : 0ms}};
    });
    const auto resolver = std::make_shared<Resolver>(config_for({server.address()}, 1s));
    const auto first = std::make_shared<std::vector<DnsFacts>>(),
               second = std::make_shared<std::vector<DnsFacts>>();
    async::Loop loop;
    loop.run(cancel_first(resolver, first, second));
    REQUIRE(first->size() == 1);
    CHECK(first->front().detail == "cancelled");
    REQUIRE(second->size() == 1);
    CHECK(second->front().status == DnsStatus::found);
}

TEST_CASE("resolver: an asker with little time does not spoil it for one with more", "[dns]") {
    const TestServer server([](const Asked& asked) -> Answers {
        return {{.bytes = bytes_of(asked, {address_record}), .delay = 120ms}};
    });
    const auto resolver = std::make_shared<Resolver>(config_for({server.address()}, 1s));
    const auto shorter = std::make_shared<std::vector<DnsFacts>>(),
               longer = std::make_shared<std::vector<DnsFacts>>();
    async::Loop loop;
    loop.run(short_and_long(resolver, shorter, longer));
    CHECK(shorter->at(0).detail == "out-of-time");
    CHECK(longer->at(0).status == DnsStatus::found);
}

TEST_CASE("resolver: the deadline ends a look-up", "[dns]") {
    const TestServer silent(nothing);
    const auto began = Clock::now();
    const DnsFacts facts = ask(config_for({silent.address()}, 2s), "mail.example.test", RecordType::a, 100ms);
    CHECK(Clock::now() - began < 1s);
    CHECK(facts.detail == "out-of-time");
}

TEST_CASE("resolver: source ports change", "[dns]") {
    std::mutex mutex;
    std::set<std::uint16_t> ports;
    const TestServer server([&](const Asked& asked) {
        const std::lock_guard<std::mutex> lock(mutex);
        ports.insert(asked.source_port);
        return any_name(asked);
    });
    const auto resolver = std::make_shared<Resolver>(config_for({server.address()}, 2s));
    async::Loop loop;
    for (int i = 0; i < 100; ++i) {
        const std::string name = "n" + std::to_string(i) + ".test";
        REQUIRE(loop.run_for(resolver->lookup(name, RecordType::a, Deadline::after(3s))).status ==
                DnsStatus::found);
    }
    CHECK(ports.size() >= 3);
}

TEST_CASE("resolver: many questions at once", "[dns]") {
    const TestServer server(any_name);
    const auto resolver = std::make_shared<Resolver>(config_for({server.address()}, 2s));
    async::Loop loop;
    std::vector<Task<DnsFacts>> tasks;
    for (int i = 0; i < 500; ++i)
        tasks.push_back(
            resolver->lookup("n" + std::to_string(i) + ".test", RecordType::a, Deadline::after(10s)));
    int found = 0;
    for (const DnsFacts& facts : loop.run_for(async::when_all(std::move(tasks))))
        found += facts.status == DnsStatus::found ? 1 : 0;
    CHECK(found == 500);
}

TEST_CASE("addresses: both families, hosts file, literals", "[dns]") {
    const TestServer server([](const Asked& asked) {
        return send(asked, {.answer = {asked.type == 1 ? address_record
                                                       : "mail.example.test. 300 IN AAAA 2001:db8::1"}});
    });
    Config config = config_for({server.address()}, 2s);
    config.hosts = platform::HostsFile::parse("192.0.2.99 local.example.test\n");
    const auto resolver = std::make_shared<Resolver>(config);
    async::Loop loop;
    const auto of = [&](const char* name) {
        return loop.run_for(resolver->addresses(*HostName::from(name), Deadline::after(3s)));
    };

    const HostAddresses both = of("mail.example.test");
    REQUIRE(both.addresses.size() == 2);
    CHECK(both.addresses[0].is_v6());
    CHECK(both.v4.addresses.size() == 1);
    CHECK(server.asked() == 2);

    const HostAddresses local = of("local.example.test");
    REQUIRE(local.addresses.size() == 1);
    CHECK(local.addresses[0].text() == "192.0.2.99");
    CHECK(local.v4.from_hosts_file);
    CHECK(local.v6.status == DnsStatus::no_data);

    const HostAddresses literal = of("[2001:db8::7]");
    REQUIRE(literal.addresses.size() == 1);
    CHECK(literal.v6.status == DnsStatus::found);
    CHECK_FALSE(literal.v6.from_hosts_file);
    CHECK(server.asked() == 2);
}

TEST_CASE("resolver: outlives its loop with a question open", "[dns]") {
    const TestServer silent(nothing);
    const auto resolver = std::make_shared<Resolver>(config_for({silent.address()}));
    {
        async::Loop loop;
        loop.run_for(resolver->lookup("a.test", RecordType::a, Deadline::after(50ms)));
    }
    async::Loop other;
    CHECK(other.run_for(resolver->lookup("b.test", RecordType::a, Deadline::after(50ms))).status ==
          DnsStatus::no_answer);
}

namespace {
DnsFacts ask_from_own_loop(Config config, std::chrono::milliseconds limit = 3s) {
    async::Loop loop;
    const auto resolver = std::make_shared<Resolver>(std::move(config));
    return loop.run_for(resolver->lookup("mail.example.test", RecordType::a, Deadline::after(limit)));
}
}  // namespace

TEST_CASE("shared answers: resolvers of several loops ask once", "[dns]") {
    TestServer server([](const Asked& asked) {
        Answers answer = good(asked);
        answer.front().delay = 50ms;
        return answer;
    });
    Config config = config_for({server.address()}, 2s);
    config.answers = make_shared_answers(100);
    std::atomic<int> found{0};
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&] {
                if (ask_from_own_loop(config).status == DnsStatus::found) ++found;
            });
    }
    CHECK(found == 4);
    CHECK(server.asked() == 1);
    CHECK(ask_from_own_loop(config).status == DnsStatus::found);
    CHECK(server.asked() == 1);
}

TEST_CASE("shared answers: when the one who asks gives up, another goes on", "[dns]") {
    TestServer server([](const Asked& asked) { return asked.count == 1 ? nothing(asked) : good(asked); });
    Config config = config_for({server.address()}, 100ms);
    config.tries = 1;
    config.answers = make_shared_answers(100);
    DnsFacts hasty, patient;
    {
        const std::jthread first([&] { hasty = ask_from_own_loop(config, 60ms); });
        std::this_thread::sleep_for(20ms);
        const std::jthread second([&] { patient = ask_from_own_loop(config); });
    }
    CHECK(hasty.status == DnsStatus::no_answer);
    CHECK(patient.status == DnsStatus::found);
}
