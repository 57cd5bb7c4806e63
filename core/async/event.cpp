#include "core/async/event.h"

#include <asio.hpp>
#include <asio/experimental/as_tuple.hpp>

namespace maildoctor::async {
namespace {
constexpr auto as_value = asio::experimental::as_tuple(asio::use_awaitable);
}

void Event::set() {
    happened_ = true;
    timer_.cancel();
}

Task<bool> Event::wait(Deadline deadline) {
    if (happened_) co_return true;
    // An own timer for this waiter's limit; its handler nudges everybody, and who is not concerned waits
    // again.
    asio::steady_timer limit(timer_.get_executor(), deadline.at());
    limit.async_wait([this, alive = std::weak_ptr<bool>(alive_)](const asio::error_code& error) {
        if (!error && !alive.expired()) timer_.cancel();
    });
    while (!happened_ && !deadline.passed()) {
        if (co_await cancelled()) break;
        co_await timer_.async_wait(as_value);
    }
    limit.cancel();
    co_return happened_;
}

Task<void> Event::wait_for_news() {
    if (!happened_) co_await timer_.async_wait(as_value);
}

Task<bool> sleep_until(Clock::time_point moment) {
    if (co_await cancelled()) co_return false;
    asio::steady_timer timer(co_await asio::this_coro::executor, moment);
    auto [error] = co_await timer.async_wait(as_value);
    co_return !error;
}

Task<bool> sleep_for(std::chrono::milliseconds time) {
    co_return co_await sleep_until(Clock::now() + time);
}

Task<bool> cancelled() {
    const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
    co_return state.cancelled() != asio::cancellation_type::none;
}

}  // namespace maildoctor::async
