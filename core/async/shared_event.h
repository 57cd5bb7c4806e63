// Something that happens once and that coroutines of any loop of the process can wait for.
#pragma once

#include <asio/any_io_executor.hpp>
#include <memory>
#include <mutex>
#include <vector>

#include "core/async/deadline.h"
#include "core/async/event.h"
#include "core/async/task.h"

namespace maildoctor::async {

/// A one-shot event for use across loops: each waiter is woken on its own loop. Safe from any thread.
class SharedEvent {
public:
    SharedEvent() = default;
    SharedEvent(const SharedEvent&) = delete;
    SharedEvent& operator=(const SharedEvent&) = delete;

    bool happened() const;
    /// Wakes all waiters; later waits return at once.
    void set();

    /// @return true when the event happened; false when the deadline passed or the waiting coroutine was
    /// cancelled first
    static Task<bool> wait(std::shared_ptr<SharedEvent> event, Deadline deadline);

private:
    class InLine;
    struct Waiter {
        asio::any_io_executor loop;
        std::shared_ptr<Event> bell;
    };

    mutable std::mutex guard_;
    bool happened_{false};
    std::vector<Waiter> waiting_;  // whose coroutines, and therefore loops, live
};

}  // namespace maildoctor::async
