// Explains texts on a thread of its own, so that typing never waits.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "core/model/clues.h"

namespace maildoctor::gui {

/// Called from other threads when there is news: makes the window look again. Must be safe from any thread.
using Wake = std::function<void()>;

/// The latest text wins: one that was overtaken while it waited is never read.
class Explainer {
public:
    explicit Explainer(Wake wake);
    Explainer(const Explainer&) = delete;
    Explainer& operator=(const Explainer&) = delete;
    ~Explainer();

    void ask(std::string text);
    /// The answer to the latest text, once; nothing while it is not there.
    std::optional<Clues> take();
    /// Waits until the latest text was answered.
    void wait();

private:
    void work(const std::stop_token& stop);

    Wake wake_;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::optional<std::string> asked_;
    std::optional<Clues> answer_;
    bool busy_{false};
    std::jthread thread_;  // last: ends before the rest goes away
};

}  // namespace maildoctor::gui
