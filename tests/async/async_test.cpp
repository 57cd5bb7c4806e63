// Coroutines, deadlines, cancellation and offloading on one loop.
#include <asio.hpp>
#include <atomic>
#include <catch2/catch.hpp>
#include <stdexcept>
#include <thread>

#include "core/async/event.h"
#include "core/async/loop.h"
#include "core/async/offload.h"
#include "core/async/shared_event.h"
#include "core/async/when_all.h"

using namespace maildoctor;
using namespace std::chrono_literals;

namespace {

Task<int> number_after(int number, std::chrono::milliseconds time) {
    co_await async::sleep_for(time);
    co_return number;
}

Task<std::vector<int>> three() {
    std::vector<Task<int>> tasks;
    tasks.push_back(number_after(1, 20ms));
    tasks.push_back(number_after(2, 1ms));
    tasks.push_back(number_after(3, 10ms));
    co_return co_await async::when_all(std::move(tasks));
}

Task<int> throws_late() {
    co_await async::sleep_for(1ms);
    throw std::logic_error("a fault of ours");
}

Task<bool> wait_for(std::shared_ptr<async::Event> event, std::chrono::milliseconds limit) {
    co_return co_await event->wait(Deadline::after(limit));
}

}  // namespace

TEST_CASE("when_all: gives results in the order of the tasks", "[async]") {
    async::Loop loop;
    CHECK(loop.run_for(three()) == std::vector<int>{1, 2, 3});
}

TEST_CASE("loop: an exception of a task comes out of run", "[async]") {
    async::Loop loop;
    CHECK_THROWS_AS(loop.run_for(throws_late()), std::logic_error);
    CHECK(loop.run_for(number_after(7, 0ms)) == 7);  // and the loop can be used again
}

namespace {
Task<int> event_story() {
    auto event = std::make_shared<async::Event>(co_await asio::this_coro::executor);
    const bool early = co_await wait_for(event, 5ms);
    std::vector<Task<bool>> waiters;
    waiters.push_back(wait_for(event, 5s));
    waiters.push_back(wait_for(event, 5s));
    async::Group group(co_await asio::this_coro::executor);
    struct Setter {
        static Task<void> later(std::shared_ptr<async::Event> e) {
            co_await async::sleep_for(5ms);
            e->set();
        }
    };
    group.start(Setter::later(event));
    const auto woken = co_await async::when_all(std::move(waiters));
    co_await group.wait();
    co_return (early ? 100 : 0) + (woken.at(0) ? 10 : 0) + (woken.at(1) ? 1 : 0);
}
}  // namespace

TEST_CASE("event: a waiter sees its limit, all waiters see the event", "[async]") {
    async::Loop loop;
    CHECK(loop.run_for(event_story()) == 11);
}

namespace {
Task<int> long_family() {
    std::vector<Task<int>> tasks;
    for (int i = 0; i < 10; ++i)
        tasks.push_back(number_after(i, 1h));
    const auto results = co_await async::when_all(std::move(tasks));
    co_return static_cast<int>(results.size());
}
}  // namespace

TEST_CASE("cancel: from another thread ends everything that waits", "[async]") {
    async::Loop loop;
    std::jthread stopper([&loop] {
        std::this_thread::sleep_for(20ms);
        loop.cancel();
        loop.cancel();
    });
    const auto start = Clock::now();
    CHECK(loop.run_for(long_family()) == 10);
    CHECK(Clock::now() - start < 10s);
    CHECK(loop.was_cancelled());
}

TEST_CASE("cancel: before the start works as well", "[async]") {
    async::Loop loop;
    loop.cancel();
    CHECK(loop.run_for(long_family()) == 10);
}

namespace {
Task<std::thread::id> where_it_ran() {
    auto id = std::make_shared<std::thread::id>();
    co_await async::offload([id] { *id = std::this_thread::get_id(); });
    co_return *id;
}
Task<bool> offload_throws() {
    co_return co_await async::offload([] { throw std::runtime_error("disk"); });
}
Task<bool> offload_forever(std::shared_ptr<std::atomic<bool>> ended) {
    co_return co_await async::offload([ended] {
        std::this_thread::sleep_for(300ms);
        ended->store(true);
    });
}
}  // namespace

TEST_CASE("offload: runs elsewhere and resumes here", "[async]") {
    async::Loop loop;
    CHECK(loop.run_for(where_it_ran()) != std::this_thread::get_id());
    CHECK_THROWS_AS(loop.run_for(offload_throws()), std::runtime_error);
}

TEST_CASE("offload: cancelling does not wait for the work", "[async]") {
    auto ended = std::make_shared<std::atomic<bool>>(false);
    async::Loop loop;
    std::jthread stopper([&loop] {
        std::this_thread::sleep_for(20ms);
        loop.cancel();
    });
    CHECK_FALSE(loop.run_for(offload_forever(ended)));
    CHECK_FALSE(ended->load());
    while (!ended->load())
        std::this_thread::sleep_for(5ms);
    std::this_thread::sleep_for(20ms);
}

namespace {
Task<bool> await_shared(std::shared_ptr<async::SharedEvent> event, std::chrono::milliseconds limit) {
    co_return co_await async::SharedEvent::wait(event, Deadline::after(limit));
}
}  // namespace

TEST_CASE("shared event: wakes waiters of several loops, and those who come late", "[async]") {
    const auto event = std::make_shared<async::SharedEvent>();
    std::atomic<int> woken{0};
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&] {
                async::Loop loop;
                if (loop.run_for(await_shared(event, 10s))) ++woken;
            });
        std::this_thread::sleep_for(20ms);
        event->set();
        event->set();
    }
    CHECK(woken == 4);
    CHECK(event->happened());
    async::Loop loop;
    CHECK(loop.run_for(await_shared(event, 0ms)));
}

TEST_CASE("shared event: the limit and cancellation end the wait", "[async]") {
    const auto event = std::make_shared<async::SharedEvent>();
    async::Loop patient;
    CHECK_FALSE(patient.run_for(await_shared(event, 5ms)));
    async::Loop loop;
    std::jthread stopper([&loop] {
        std::this_thread::sleep_for(20ms);
        loop.cancel();
    });
    CHECK_FALSE(loop.run_for(await_shared(event, 60s)));
    event->set();  // whoever has gone is not called any more
}
