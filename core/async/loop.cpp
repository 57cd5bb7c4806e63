#include "core/async/loop.h"

#include <asio.hpp>
#include <atomic>
#include <csignal>

#include "core/async/event.h"

namespace maildoctor::async {

struct Loop::State {
    asio::io_context io{1};
    asio::cancellation_signal stop;
    std::optional<asio::signal_set> interrupts;
    std::atomic<bool> cancelled{false};
    bool running{false};
    bool started{false};  // a stop signal that is sent before the task runs is kept back until then
    std::exception_ptr failure;
};

namespace {

template <class State>
Task<void> begin(Task<void> task, State* state) {
    co_await asio::this_coro::throw_if_cancelled(false);
    state->started = true;
    if (state->cancelled.load()) state->stop.emit(asio::cancellation_type::terminal);
    co_await std::move(task);
}

}  // namespace

Loop::Loop() : state_(std::make_shared<State>()) {}
Loop::~Loop() = default;

void Loop::run(Task<void> task) {
    state_->running = true;
    asio::co_spawn(
        state_->io, begin(std::move(task), state_.get()),
        asio::bind_cancellation_slot(state_->stop.slot(), [state = state_.get()](std::exception_ptr failure) {
            state->failure = std::move(failure);
            state->running = false;
            state->started = false;
            if (state->interrupts) state->interrupts->cancel();
        }));
    while (state_->running && state_->io.run_one() > 0) {
    }
    // What is left belongs to the ended task (closed sockets, cancelled timers): let the handlers run out.
    state_->io.poll();
    state_->io.restart();
    if (state_->failure) std::rethrow_exception(std::exchange(state_->failure, nullptr));
}

void Loop::cancel() noexcept {
    if (state_->cancelled.exchange(true)) return;
    // A weak reference: a handler that never runs any more must not keep its own loop alive.
    asio::post(state_->io, [weak = std::weak_ptr(state_)] {
        const auto state = weak.lock();
        if (state && state->started) state->stop.emit(asio::cancellation_type::terminal);
    });
}

void Loop::cancel_on_interrupt() {
    state_->interrupts.emplace(state_->io, SIGINT, SIGTERM);
    state_->interrupts->async_wait([this](const asio::error_code& error, int) {
        if (error) return;
        state_->interrupts.reset();  // gives the signals back: a second Ctrl-C ends the process at once
        cancel();
    });
}

bool Loop::was_cancelled() const noexcept {
    return state_->cancelled.load();
}

}  // namespace maildoctor::async
