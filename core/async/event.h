// Something that happens once and that coroutines of the same loop can wait for.
#pragma once

#include <asio/steady_timer.hpp>
#include <memory>

#include "core/async/deadline.h"
#include "core/async/task.h"

namespace maildoctor::async {

/// A one-shot event. Belongs to one loop; not for use across threads. Keep it in a shared_ptr when a waiter
/// may outlive its maker.
class Event {
public:
    explicit Event(const asio::any_io_executor& executor) : timer_(executor, Clock::time_point::max()) {}

    bool happened() const noexcept { return happened_; }
    /// Wakes all waiters; later waits return at once.
    void set();
    /// Wakes the waiters once without making the event happen: they look at their condition again.
    void nudge() { timer_.cancel(); }

    /// @return true when the event happened; false when the deadline passed or the waiting coroutine was
    /// cancelled first
    Task<bool> wait(Deadline deadline);
    /// Waits for set(), nudge() or cancellation, whichever comes first.
    Task<void> wait_for_news();

private:
    asio::steady_timer timer_;
    bool happened_{false};
    std::shared_ptr<bool> alive_{
        std::make_shared<bool>(true)};  // lets a late limit timer see that the event is gone
};

/// Sleeps until the moment. @return false when the coroutine was cancelled before
Task<bool> sleep_until(Clock::time_point moment);
Task<bool> sleep_for(std::chrono::milliseconds time);

/// Whether somebody asked the running coroutine to stop. Coroutines that are started by Loop and Group see
/// cancellation as this state, never as an exception out of the next co_await.
Task<bool> cancelled();

}  // namespace maildoctor::async
