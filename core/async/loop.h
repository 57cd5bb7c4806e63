// One event loop: runs a coroutine to its end on the calling thread, and can be told to stop from any thread.
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "core/async/task.h"

namespace maildoctor::async {

/// An event loop for one run. Nothing is shared between loops.
class Loop {
public:
    Loop();
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    /// Runs the task on this thread until it ends; throws what the task throws (a fault of ours, never an
    /// expected failure).
    void run(Task<void> task);

    template <class T>
    T run_for(Task<T> task) {
        std::optional<T> result;
        run(keep(std::move(task), &result));
        return std::move(*result);
    }

    /// Asks the running task to stop. Safe from any thread and more than once; the task still ends on its
    /// own.
    void cancel() noexcept;
    /// Calls cancel() on the first SIGINT or SIGTERM while run() works; a second one ends the process as
    /// usual.
    void cancel_on_interrupt();
    /// Whether cancel() was called or a signal came.
    bool was_cancelled() const noexcept;

private:
    template <class T>
    static Task<void> keep(Task<T> task, std::optional<T>* out) {
        out->emplace(co_await std::move(task));
    }
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace maildoctor::async
