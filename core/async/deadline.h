// Absolute time limits that are passed down, so that retries and steps share one budget.
#pragma once

#include <algorithm>
#include <chrono>

namespace maildoctor {

using Clock = std::chrono::steady_clock;

/// A moment after which an operation gives up. There is no network operation without one.
class Deadline {
public:
    static Deadline after(std::chrono::milliseconds limit) { return Deadline(Clock::now() + limit); }
    explicit Deadline(Clock::time_point at) : at_(at) {}

    Clock::time_point at() const noexcept { return at_; }
    /// The earlier of this moment and `limit` from now: a step within a larger budget.
    Deadline within(std::chrono::milliseconds limit) const {
        return Deadline(std::min(at_, Clock::now() + limit));
    }
    /// Never negative.
    std::chrono::milliseconds remaining() const;
    bool passed() const { return Clock::now() >= at_; }

private:
    Clock::time_point at_;
};

/// Limits of the single steps (docs/architecture.md, "Deadlines, not timeouts").
namespace limits {
inline constexpr std::chrono::milliseconds dns_try{2000};
inline constexpr int dns_tries = 3;
inline constexpr std::chrono::milliseconds connect{6000};
inline constexpr std::chrono::milliseconds greeting{25000};
inline constexpr std::chrono::milliseconds reply{15000};
inline constexpr std::chrono::milliseconds handshake{10000};
inline constexpr std::chrono::milliseconds http{8000};
inline constexpr std::chrono::milliseconds subject{45000};
}  // namespace limits

}  // namespace maildoctor
