// Connections to one address: how many at once and a second, whichever loop asks.
#include "core/doctor/politeness.h"

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <mutex>
#include <thread>
#include <vector>

#include "core/async/event.h"
#include "core/async/loop.h"

using namespace maildoctor;
using namespace maildoctor::doctor;
using namespace std::chrono_literals;

namespace {

const IpAddress here = IpAddress::v4({192, 0, 2, 1}), there = IpAddress::v4({192, 0, 2, 2});

/// What the server of one address would count.
struct Counter {
    std::mutex guard;
    int open{0}, most{0};
    std::vector<Clock::time_point> starts;

    void arrive() {
        const std::lock_guard<std::mutex> lock(guard);
        most = std::max(most, ++open);
        starts.push_back(Clock::now());
    }
    void leave() {
        const std::lock_guard<std::mutex> lock(guard);
        --open;
    }
    std::ptrdiff_t most_a_second() const {
        std::ptrdiff_t most_seen = 0;
        for (const auto begin : starts)
            most_seen = std::max(most_seen, std::ranges::count_if(starts, [begin](Clock::time_point other) {
                                     return other >= begin && other < begin + 1s;
                                 }));
        return most_seen;
    }
};

Task<void> call(std::shared_ptr<Politeness> politeness, Counter* counter, int times) {
    for (int i = 0; i < times; ++i) {
        const auto permit = co_await Politeness::ask(politeness, {here}, Deadline::after(30s));
        if (!permit) continue;
        counter->arrive();
        co_await async::sleep_for(5ms);
        counter->leave();
    }
}

Task<bool> may_enter(std::shared_ptr<Politeness> politeness, std::vector<IpAddress> addresses,
                     std::chrono::milliseconds limit) {
    co_return static_cast<bool>(
        co_await Politeness::ask(politeness, std::move(addresses), Deadline::after(limit)));
}

Task<Politeness::Permit> enter(std::shared_ptr<Politeness> politeness, IpAddress address) {
    co_return co_await Politeness::ask(politeness, {address}, Deadline::after(1s));
}

}  // namespace

TEST_CASE("politeness: holds for all loops of the process together", "[doctor]") {
    const auto politeness = std::make_shared<Politeness>(PolitenessLimits{.at_once = 3, .per_second = 40});
    Counter counter;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&] {
                async::Loop loop;
                loop.run(call(politeness, &counter, 15));
            });
    }
    CHECK(counter.starts.size() == 60);
    CHECK(counter.most <= 3);
    CHECK(counter.most_a_second() <= 44);  // a thread may be held up between its permit and its note
}

TEST_CASE("politeness: another address is another matter", "[doctor]") {
    const auto politeness = std::make_shared<Politeness>(PolitenessLimits{.at_once = 1, .per_second = 100});
    async::Loop loop;
    auto held = std::make_optional(loop.run_for(enter(politeness, here)));
    REQUIRE(*held);
    CHECK_FALSE(loop.run_for(may_enter(politeness, {here}, 20ms)));
    CHECK(loop.run_for(may_enter(politeness, {there}, 1s)));
    // Whoever does not get all of them keeps none.
    CHECK_FALSE(loop.run_for(may_enter(politeness, {here, there}, 20ms)));
    CHECK(loop.run_for(may_enter(politeness, {there}, 1s)));
    held.reset();
    CHECK(loop.run_for(may_enter(politeness, {here, there}, 1s)));
}
