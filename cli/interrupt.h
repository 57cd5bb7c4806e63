// Ctrl-C while something runs.
#pragma once

#include <functional>
#include <thread>

namespace maildoctor::cli {

/// While it lives, the first SIGINT or SIGTERM calls `stop` once, on a thread of its own; the second one ends
/// the program as if nobody had caught it. At most one may live at a time.
class Interrupt {
public:
    explicit Interrupt(std::function<void()> stop);
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;
    ~Interrupt();

    /// Whether a signal came.
    static bool came() noexcept;

private:
    std::jthread watcher_;
};

}  // namespace maildoctor::cli
