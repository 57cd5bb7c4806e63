// All questions of a run on one line of time.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "core/doctor/doctor.h"
#include "gui/model/matrix.h"

namespace maildoctor::gui {

struct Bar {
    std::string label{};
    std::chrono::milliseconds start{}, end{};
    Step kind{Step::dns};
    CellState state{CellState::running};
    ObservationPtr seen{};  ///< nothing while it runs
};

class Timeline {
public:
    void started(const doctor::Progress& step, std::chrono::milliseconds now);
    void finished(const doctor::Progress& step);
    void add(const ObservationPtr& seen);
    void settle(std::chrono::milliseconds now);
    void clear() { bars_.clear(); }

    /// By start.
    const std::vector<Bar>& bars() const noexcept { return bars_; }
    /// The end of the last one, those that run counted to `now`.
    std::chrono::milliseconds length(std::chrono::milliseconds now) const;

private:
    std::vector<Bar> bars_{};
};

Timeline timeline_of(const Report& report);

}  // namespace maildoctor::gui
