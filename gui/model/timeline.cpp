#include "gui/model/timeline.h"

#include <algorithm>

#include "core/model/dialog.h"
#include "core/model/record_name.h"
#include "core/report/facts_words.h"
#include "core/report/phrases.h"

namespace maildoctor::gui {
namespace {

using std::chrono::milliseconds;

Step kind_of(const Observation& seen) {
    if (seen.dns) return Step::dns;
    if (seen.login) return Step::login;
    if (seen.relay) return Step::relay;
    return seen.tls ? Step::tls : Step::port;
}

CellState state_of(const Observation& seen) {
    if (seen.dns)
        return seen.dns->status == DnsStatus::found          ? CellState::good
               : seen.dns->status == DnsStatus::no_answer    ? CellState::unknown
               : seen.dns->status == DnsStatus::no_data      ? CellState::closed
               : seen.dns->status == DnsStatus::no_such_name ? CellState::closed
                                                             : CellState::bad;
    if (seen.tls && seen.tls->completed) return seen.tls->verified ? CellState::good : CellState::bad;
    if (seen.failure)
        return seen.failure->kind == FailureKind::cancelled ? CellState::unknown
               : seen.source == "typed"                     ? CellState::bad
                                                            : CellState::closed;
    return seen.answer == Answer::no ? CellState::closed : CellState::good;
}

std::string label_of(const Observation& seen) {
    if (seen.dns) return seen.dns->name + " " + record_name(seen.dns->type);
    std::string label =
        seen.subject.protocol ? std::string(report::protocol_name(*seen.subject.protocol)) : "";
    if (seen.subject.host) label += (label.empty() ? "" : " ") + *seen.subject.host;
    if (seen.subject.port) label += ":" + std::to_string(seen.subject.port->number());
    return label;
}

}  // namespace

void Timeline::started(const doctor::Progress& step, milliseconds now) {
    bars_.push_back(
        {.label = step.what, .start = now, .end = now, .kind = step.subject.port ? Step::port : Step::dns});
}

void Timeline::finished(const doctor::Progress& step) {
    const auto at = std::ranges::find_if(
        bars_, [&](const Bar& bar) { return bar.state == CellState::running && bar.label == step.what; });
    if (at != bars_.end()) bars_.erase(at);
}

void Timeline::add(const ObservationPtr& seen) {
    Bar bar{.label = label_of(*seen),
            .start = seen->started,
            .end = seen->started + seen->took,
            .kind = kind_of(*seen),
            .state = state_of(*seen),
            .seen = seen};
    const auto at = std::ranges::upper_bound(bars_, bar.start, {}, &Bar::start);
    bars_.insert(at, std::move(bar));
}

void Timeline::settle(milliseconds now) {
    for (Bar& bar : bars_) {
        if (bar.state != CellState::running) continue;
        bar.state = CellState::unknown;
        bar.end = now;
    }
}

milliseconds Timeline::length(milliseconds now) const {
    milliseconds end{1};
    for (const Bar& bar : bars_)
        end = std::max(end, bar.state == CellState::running ? std::max(now, bar.start) : bar.end);
    return end;
}

Timeline timeline_of(const Report& report) {
    Timeline timeline;
    for (const Observation& seen : report.observations)
        timeline.add(std::make_shared<const Observation>(seen));
    return timeline;
}

}  // namespace maildoctor::gui
