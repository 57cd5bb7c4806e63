#include "core/async/shared_event.h"

#include <asio.hpp>
#include <utility>

namespace maildoctor::async {

/// While it lives, the bell is in the list of those who wait.
class SharedEvent::InLine {
public:
    InLine(std::shared_ptr<SharedEvent> event, const asio::any_io_executor& loop)
        : event_(std::move(event)), bell_(std::make_shared<Event>(loop)) {
        const std::lock_guard<std::mutex> lock(event_->guard_);
        if (event_->happened_) {
            bell_->set();
        } else {
            event_->waiting_.push_back({.loop = loop, .bell = bell_});
        }
    }
    InLine(const InLine&) = delete;
    InLine& operator=(const InLine&) = delete;
    ~InLine() {
        const std::lock_guard<std::mutex> lock(event_->guard_);
        std::erase_if(event_->waiting_, [this](const Waiter& one) { return one.bell == bell_; });
    }

    Event& bell() const noexcept { return *bell_; }

private:
    std::shared_ptr<SharedEvent> event_;
    std::shared_ptr<Event> bell_;
};

bool SharedEvent::happened() const {
    const std::lock_guard<std::mutex> lock(guard_);
    return happened_;
}

void SharedEvent::set() {
    const std::lock_guard<std::mutex> lock(guard_);
    if (std::exchange(happened_, true)) return;
    // Under the lock: nobody can leave the line, so every loop in it is still there. The bells are rung, and
    // let go, on their own loops.
    for (Waiter& one : std::exchange(waiting_, {}))
        asio::post(one.loop, [bell = std::weak_ptr(one.bell)] {
            if (const auto waiting = bell.lock()) waiting->set();
        });
}

Task<bool> SharedEvent::wait(std::shared_ptr<SharedEvent> event, Deadline deadline) {
    const InLine in_line(event, co_await asio::this_coro::executor);
    (void)co_await in_line.bell().wait(deadline);
    co_return event->happened();
}

}  // namespace maildoctor::async
