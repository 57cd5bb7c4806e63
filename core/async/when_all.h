// Running several coroutines side by side on one loop and waiting for all of them.
#pragma once

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/post.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <cstddef>
#include <exception>
#include <list>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/async/event.h"
#include "core/async/task.h"

namespace maildoctor::async {

/// Children that were started on this loop and can be waited for and cancelled together.
/// A child's exception is kept and thrown again by wait(). The group must be waited for before it goes away.
class Group {
public:
    explicit Group(const asio::any_io_executor& executor) : executor_(executor), news_(executor) {}
    Group(const Group&) = delete;
    Group& operator=(const Group&) = delete;

    void start(Task<void> task) {
        Child& child = children_.emplace_back();
        ++running_;
        asio::co_spawn(executor_, begin(std::move(task), &child),
                       asio::bind_cancellation_slot(child.stop.slot(), [this](std::exception_ptr failure) {
                           if (failure && !failure_) failure_ = std::move(failure);
                           --running_;
                           news_.nudge();
                       }));
    }

    void cancel() {
        cancelled_ = true;
        for (Child& child : children_) {
            if (child.started) child.stop.emit(asio::cancellation_type::terminal);
        }
    }

    std::size_t running() const noexcept { return running_; }

    /// Waits until every child has ended. When the waiting coroutine is cancelled, the children are cancelled
    /// too and still waited for.
    Task<void> wait() {
        bool told = false;
        while (running_ > 0) {
            if (!told && co_await cancelled()) {
                told = true;
                cancel();
                continue;
            }
            co_await news_.wait_for_news();
        }
        if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
    }

private:
    struct Child {
        asio::cancellation_signal stop;
        bool started{false};
    };

    /// A signal that is sent before the child runs would surface as an exception: it is kept back until then.
    Task<void> begin(Task<void> task, Child* child) {
        co_await asio::this_coro::throw_if_cancelled(false);
        child->started = true;
        // Who started it waits before it runs: a child that never suspends could otherwise end, and nudge,
        // while nobody listens yet.
        co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
        if (cancelled_) child->stop.emit(asio::cancellation_type::terminal);
        co_await std::move(task);
    }

    asio::any_io_executor executor_;
    Event news_;
    std::list<Child> children_;  // most have one or a few: a deque takes 600 octets for them
    std::size_t running_{0};
    bool cancelled_{false};
    std::exception_ptr failure_;
};

/// Runs all tasks side by side. @return their results in the order of the tasks, when the last has ended
template <class T>
Task<std::vector<T>> when_all(std::vector<Task<T>> tasks) {
    struct Run {
        static Task<void> one(Task<T> task, std::optional<T>* out) { out->emplace(co_await std::move(task)); }
    };
    std::vector<std::optional<T>> slots(tasks.size());
    Group group(co_await asio::this_coro::executor);
    for (std::size_t i = 0; i < tasks.size(); ++i)
        group.start(Run::one(std::move(tasks[i]), &slots[i]));
    co_await group.wait();
    std::vector<T> results;
    results.reserve(slots.size());
    for (auto& slot : slots)
        results.push_back(std::move(*slot));
    co_return results;
}

}  // namespace maildoctor::async
