// One line on a terminal that says what is being asked right now.
#pragma once

#include <mutex>
#include <string_view>

#include "core/doctor/doctor.h"

namespace maildoctor::cli {

/// Shows progress on standard error when that is a terminal, else does nothing. Safe to call from any thread.
class ProgressLine {
public:
    ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;
    ~ProgressLine() { erase(); }

    void show(const doctor::Progress& step);
    /// Removes the line; nothing is shown afterwards.
    void erase();

private:
    std::mutex mutex_;
    std::size_t width_{0};  ///< columns; 0: show nothing
    bool shown_{false};
};

}  // namespace maildoctor::cli
