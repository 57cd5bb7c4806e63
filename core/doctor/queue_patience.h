// Patience with a queue that does not answer: tries again until it does, or until somebody stops it.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "core/doctor/queued.h"
#include "core/queue/queue.h"

namespace maildoctor::doctor {

/// Told from several threads, one at a time.
class SharedTell {
public:
    explicit SharedTell(TellLine tell) : tell_(std::move(tell)) {}
    void operator()(const std::string& line) {
        const std::lock_guard lock(mutex_);
        if (tell_) tell_(line);
    }

private:
    std::mutex mutex_;
    TellLine tell_;
};

class Patience {
public:
    Patience(std::shared_ptr<SharedTell> tell, std::stop_token stop)
        : tell_(std::move(tell)), stop_(std::move(stop)) {}

    /// Calls `ask()`, which gives a queue::QueueResult, until it succeeds.
    /// @return its value; nothing when it was stopped, or when trying again cannot help: then fault() says
    /// why
    template <class Ask>
    auto until_done(Ask ask) -> std::optional<typename decltype(ask())::value_type> {
        constexpr std::chrono::milliseconds shortest(250), longest(10000);
        auto pause = shortest;
        bool told = false;
        while (true) {
            auto answer = ask();
            if (answer) {
                if (told) (*tell_)("the queue answers again");
                return std::move(*answer);
            }
            if (answer.error().kind == queue::QueueFault::Kind::refused) {
                fault_ = answer.error().text;
                return std::nullopt;
            }
            if (!told) (*tell_)(answer.error().text + "; trying again until it works");
            told = true;
            std::unique_lock lock(mutex_);
            wake_.wait_for(lock, stop_, pause, [] { return false; });
            if (stop_.stop_requested()) return std::nullopt;
            pause = std::min(pause * 2, longest);
        }
    }

    const std::string& fault() const { return fault_; }

private:
    std::shared_ptr<SharedTell> tell_;
    std::stop_token stop_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::string fault_{};
};

}  // namespace maildoctor::doctor
