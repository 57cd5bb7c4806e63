// Back-pressure of one event loop: new work begins when the loop keeps up with what it has.
#pragma once

#include <memory>

#include "core/async/deadline.h"
#include "core/async/task.h"

namespace maildoctor::doctor {

/// Lets domains begin one after the other, and none while the loop is behind: their time limits run, and our
/// own delay must not look like a server's. Belongs to one loop.
class Pace {
public:
    /// Waits for the caller's turn. @return false when the coroutine was cancelled
    static Task<bool> turn(std::shared_ptr<Pace> pace);

private:
    Clock::time_point next_{};
};

}  // namespace maildoctor::doctor
