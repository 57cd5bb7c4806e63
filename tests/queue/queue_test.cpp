// The queue on a real Redis server.
#include "core/queue/queue.h"

#include <catch2/catch.hpp>
#include <optional>
#include <set>
#include <thread>

#include "tests/queue/redis_server.h"

using namespace maildoctor;
using namespace maildoctor::queue;
using namespace std::chrono_literals;

namespace {

constexpr auto claim = 60s;

std::unique_ptr<Queue> connect(const tests::RedisServer& server, const char* password = nullptr) {
    auto secret = password == nullptr ? nullptr : std::make_shared<const Secret>(std::string(password));
    return make_queue({.host = "127.0.0.1", .port = server.port(), .stream = "nightly"}, std::move(secret));
}

std::vector<std::string> domains(int count) {
    std::vector<std::string> out;
    for (int i = 0; i < count; ++i)
        out.push_back("d" + std::to_string(i) + ".example");
    return out;
}

#define NEEDS_REDIS(server)                                  \
    if (!(server)) {                                         \
        WARN("skipped: /usr/bin/redis-server is not there"); \
        return;                                              \
    }

}  // namespace

TEST_CASE("queue: each domain is taken once and gets one result", "[queue]") {
    const auto server = tests::RedisServer::start();
    NEEDS_REDIS(server);
    const auto asking = connect(*server);
    std::vector<std::string> added;
    REQUIRE(asking->add("run-1", domains(2500), added));
    CHECK(added.size() == 2500);
    CHECK(asking->waiting().value() == 2500);
    std::set<std::string> finished;
    const auto one = connect(*server);
    const auto two = connect(*server);
    for (bool more = true; more;) {
        more = false;
        for (auto* const worker : {one.get(), two.get()}) {
            const auto jobs = worker->take(worker == one.get() ? "one" : "two", 100, claim, 0ms);
            REQUIRE(jobs);
            for (const Job& job : *jobs) {
                more = true;
                CHECK(job.run == "run-1");
                CHECK(worker->finish(job, "w", "{\"domain\":\"" + job.domain + "\"}").value());
                CHECK_FALSE(worker->finish(job, "w", "twice").value());
                finished.insert(job.domain);
            }
        }
    }
    CHECK(finished.size() == 2500);
    CHECK(asking->waiting().value() == 0);
    std::string after = "0";
    std::multiset<std::string> results;
    while (true) {
        const auto some = asking->results(after, 1000, 0ms);
        REQUIRE(some);
        if (some->empty()) break;
        for (const JobResult& result : *some)
            results.insert(result.domain);
        CHECK(some->front().text == "{\"domain\":\"" + some->front().domain + "\"}");
        after = some->back().id;
    }
    CHECK(results.size() == 2500);
    CHECK(std::set<std::string>(results.begin(), results.end()).size() == 2500);
    CHECK(asking->last_result().value() == after);
}

TEST_CASE("queue: what a dead worker held comes to another, and the dead one is too late", "[queue]") {
    const auto server = tests::RedisServer::start();
    NEEDS_REDIS(server);
    const auto dead = connect(*server);
    const auto heir = connect(*server);
    std::vector<std::string> added;
    REQUIRE(dead->add("run", domains(3), added));
    const auto held = dead->take("dead", 10, claim, 0ms);
    REQUIRE(held);
    CHECK(held->size() == 3);
    CHECK(heir->take("heir", 10, claim, 0ms)->empty());
    std::this_thread::sleep_for(60ms);
    const auto taken_over = heir->take("heir", 10, 50ms, 0ms);
    REQUIRE(taken_over);
    CHECK(taken_over->size() == 3);
    CHECK(heir->finish(taken_over->front(), "heir", "from the heir").value());
    CHECK_FALSE(dead->finish(held->front(), "dead", "from the dead").value());
    const auto results = heir->results("0", 10, 0ms);
    REQUIRE(results);
    REQUIRE(results->size() == 1);
    CHECK(results->front().text == "from the heir");
}

TEST_CASE("queue: a restarted Redis goes on where it stopped", "[queue]") {
    const auto server = tests::RedisServer::start();
    NEEDS_REDIS(server);
    const auto queue = connect(*server);
    std::vector<std::string> added;
    REQUIRE(queue->add("run", domains(5), added));
    const auto jobs = queue->take("w", 2, claim, 0ms);
    REQUIRE(jobs);
    server->kill();
    const auto fault = queue->finish(jobs->front(), "w", "r");
    REQUIRE_FALSE(fault);
    INFO(fault.error().text);
    CHECK(fault.error().kind == QueueFault::Kind::unreachable);
    CHECK(fault.error().text.find("redis://127.0.0.1") != std::string::npos);
    server->restart();
    CHECK(queue->finish(jobs->front(), "w", "r").value());
    CHECK(queue->waiting().value() == 4);
}

TEST_CASE("queue: a full Redis refuses the result and its acknowledgement together", "[queue]") {
    const auto server = tests::RedisServer::start({"--maxmemory", "3mb", "--maxmemory-policy", "noeviction"});
    NEEDS_REDIS(server);
    const auto queue = connect(*server);
    std::vector<std::string> added;
    REQUIRE(queue->add("run", domains(10), added));
    const auto jobs = queue->take("w", 10, claim, 0ms);
    REQUIRE(jobs);
    const std::string large(400'000, 'x');
    std::size_t done = 0;
    std::optional<QueueFault> fault;
    for (const Job& job : *jobs) {
        const auto finished = queue->finish(job, "w", large);
        if (!finished) {
            fault = finished.error();
            break;
        }
        ++done;
    }
    REQUIRE(fault);
    CHECK(fault->kind == QueueFault::Kind::full);
    CHECK(queue->results("0", 100, 0ms)->size() == done);
    CHECK(queue->waiting().value() == 10 - done);
}

TEST_CASE("queue: passwords, and what is no queue", "[queue]") {
    const auto server = tests::RedisServer::start({"--requirepass", "right one"});
    NEEDS_REDIS(server);
    CHECK(connect(*server, "right one")->waiting().value() == 0);
    for (const char* password : {static_cast<const char*>(nullptr), "wrong one"}) {
        const auto waiting = connect(*server, password)->waiting();
        REQUIRE_FALSE(waiting);
        CHECK(waiting.error().kind == QueueFault::Kind::refused);
        CHECK(waiting.error().text.find("one") == std::string::npos);
    }
}

TEST_CASE("queue: nobody there is a fault, not a crash", "[queue]") {
    const auto queue = make_queue({.host = "127.0.0.1", .port = 1, .stream = "s"}, nullptr);
    const auto waiting = queue->waiting();
    REQUIRE_FALSE(waiting);
    CHECK(waiting.error().kind == QueueFault::Kind::unreachable);
}
