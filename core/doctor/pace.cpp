#include "core/doctor/pace.h"

#include <algorithm>
#include <asio.hpp>

#include "core/async/event.h"

namespace maildoctor::doctor {
namespace {

// A domain's work takes some milliseconds of a core, so a loop that is not behind starts them fast enough.
constexpr std::chrono::milliseconds gap{1};
// Some hundred handshakes that wait for the processor: enough for it never to be idle, and well above what
// the system takes away for other programs.
constexpr std::chrono::milliseconds most_behind{200};

/// How long something that is ready has to wait on this loop.
Task<Clock::duration> behind() {
    const auto executor = co_await asio::this_coro::executor;
    const auto began = Clock::now();
    // Twice: what the system holds ready joins the queue once a turn.
    co_await asio::post(executor, asio::use_awaitable);
    co_await asio::post(executor, asio::use_awaitable);
    co_return Clock::now() - began;
}

}  // namespace

Task<bool> Pace::turn(std::shared_ptr<Pace> pace) {
    do {
        const auto mine = std::max(pace->next_, Clock::now());
        pace->next_ = mine + gap;
        if (!co_await async::sleep_until(mine)) co_return false;
    } while (co_await behind() > most_behind);
    co_return true;
}

}  // namespace maildoctor::doctor
