#include "cli/interrupt.h"

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <utility>

namespace maildoctor::cli {
namespace {

volatile std::sig_atomic_t signal_came = 0;  // all that a signal handler may touch

extern "C" void note_signal(int number) {
    signal_came = 1;
    std::signal(number, SIG_DFL);  // the second one ends the program
}

/// Looks at the flag now and then: standard C++ only, and no signal-safe way into the engine is needed.
void watch(const std::stop_token& finished, const std::function<void()>& stop) {
    constexpr std::chrono::milliseconds look_every{50};
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock<std::mutex> lock(mutex);
    while (!finished.stop_requested() && signal_came == 0)
        never.wait_for(lock, finished, look_every, [] { return false; });
    if (signal_came != 0) stop();
}

}  // namespace

Interrupt::Interrupt(std::function<void()> stop) {
    signal_came = 0;
    std::signal(SIGINT, note_signal);
    std::signal(SIGTERM, note_signal);
    watcher_ =
        std::jthread([stop = std::move(stop)](const std::stop_token& finished) { watch(finished, stop); });
}

Interrupt::~Interrupt() {
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
}

bool Interrupt::came() noexcept {
    return signal_came != 0;
}

}  // namespace maildoctor::cli
