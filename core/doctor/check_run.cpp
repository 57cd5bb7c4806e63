// The loop of one check: what is due is started, what was seen is kept, until nothing is left.
#include "core/doctor/check_run.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/async/deadline.h"
#include "core/model/dialog.h"
#include "core/probe/route.h"

namespace maildoctor::doctor {
namespace {

constexpr std::chrono::milliseconds patience{1500};

}  // namespace

CheckRun::CheckRun(CheckInput input, const asio::any_io_executor& executor)
    : input_(std::move(input)),
      planner_(input_.request, input_.knowledge),
      essential_(executor),
      extra_(executor),
      logging_in_(executor),
      revocations_(input_.context, input_.status_web, seen_, news_, executor),
      logins_(input_.context, input_.pack, std::move(input_.credentials), input_.request.email),
      relaying_(executor),
      sending_(executor),
      timers_(executor),
      news_(executor) {}

Task<void> CheckRun::probe_all() {
    if (input_.web && input_.request.email) extra_.start(discover_settings());
    while (true) {
        if (co_await async::cancelled()) {
            essential_.cancel();
            extra_.cancel();
            logging_in_.cancel();
            relaying_.cancel();
            sending_.cancel();
            revocations_.cancel();
        } else if (!input_.context->deadline.passed()) {
            start_what_is_due();
        }
        start_login_if_due();
        tell_diagnosis_if_certain();
        start_relay_test_if_due();
        start_send_test_if_due();
        if (running() + logging_in_.running() + relaying_.running() + sending_.running() +
                revocations_.running() ==
            0)
            break;
        stop_waiting_for_extras();
        co_await news_.wait_for_news();
    }
    co_await essential_.wait();
    co_await extra_.wait();
    co_await logging_in_.wait();
    co_await relaying_.wait();
    co_await sending_.wait();
    co_await revocations_.wait();
    timers_.cancel();
    co_await timers_.wait();
    const bool resolver_dead = std::ranges::any_of(
        seen_, [](const Observation& o) { return o.dns && o.dns->detail == "resolver-unreachable"; });
    if (certificates_look_outdated()) co_await ask_clocks();
    if (input_.request.tls_survey) co_await survey_all();
    if (resolver_dead) keep(co_await probe::has_route(input_.context, input_.resolver_addresses));
}

std::size_t CheckRun::running() const {
    return essential_.running() + extra_.running();
}

void CheckRun::start_what_is_due() {
    for (plan::Step& step : planner_.next(seen_, running() == 0))
        start(std::move(step));
    for (const plan::Visit& visit : std::exchange(silent_, {})) {
        for (plan::Step& step : planner_.silent(visit))
            start(std::move(step));
    }
}

void CheckRun::stop_waiting_for_extras() {
    if (essential_.running() > 0 || extra_.running() == 0 || !planner_.satisfied(seen_)) return;
    if (!patience_ends_) {
        patience_ends_ = Clock::now() + patience;
        timers_.start(wake_at(*patience_ends_));
    } else if (Clock::now() >= *patience_ends_ && !std::exchange(dropping_, true)) {
        extra_.cancel();
    }
}

Task<void> CheckRun::wake_at(Clock::time_point moment) {
    co_await async::sleep_until(moment);
    news_.nudge();
}

void CheckRun::tell(Progress::Kind kind, std::string what, Subject subject) {
    if (kind == Progress::Kind::finished) ++done_;
    if (input_.sink)
        input_.sink({.kind = kind,
                     .what = std::move(what),
                     .done = done_,
                     .planned = planned_,
                     .subject = std::move(subject)});
}

void CheckRun::tell_diagnosis_if_certain() {
    if (!input_.live || !input_.sink || essential_.running() + revocations_.running() > 0 ||
        seen_.size() == judged_ ||
        running() + logging_in_.running() + relaying_.running() + sending_.running() == 0)
        return;
    judged_ = seen_.size();
    auto report = std::make_shared<Report>();
    report->request = input_.request;
    tell_diagnosis(*report,
                   diagnose::diagnose({.request = input_.request,
                                       .clues = input_.clues,
                                       .observations = seen_,
                                       .sources = {},
                                       .now = std::chrono::duration_cast<std::chrono::seconds>(
                                                  std::chrono::system_clock::now().time_since_epoch())
                                                  .count(),
                                       .login = logins_.summary(),
                                       .others = input_.others},
                                      input_.pack));
    input_.sink(
        {.kind = Progress::Kind::diagnosed, .done = done_, .planned = planned_, .so_far = std::move(report)});
}

void CheckRun::keep(Observation seen) {
    if (dropping_ && seen.failure && seen.failure->kind == FailureKind::cancelled) return;
    seen.id = seen_.size();
    seen_.push_back(std::move(seen));
    if (input_.live && input_.sink)
        input_.sink({.kind = Progress::Kind::seen,
                     .done = done_,
                     .planned = planned_,
                     .observation = std::make_shared<const Observation>(seen_.back())});
    revocations_.ask_about(seen_.back());
}

}  // namespace maildoctor::doctor
