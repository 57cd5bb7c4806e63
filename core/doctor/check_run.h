// One check under way: steps run side by side, what they see is collected. For check.cpp.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/async/event.h"
#include "core/async/when_all.h"
#include "core/diagnose/diagnose.h"
#include "core/doctor/check.h"
#include "core/doctor/logins.h"
#include "core/doctor/revocations.h"
#include "core/model/discovery.h"
#include "core/plan/login_target.h"
#include "core/plan/planner.h"
#include "core/plan/relay_target.h"
#include "core/plan/step.h"
#include "core/probe/send.h"

namespace maildoctor::doctor {

/// Runs steps side by side and collects what they see. Lives on the loop of one run.
class CheckRun {
public:
    CheckRun(CheckInput input, const asio::any_io_executor& executor);

    /// Asks all that the plan wants, and what follows from the answers; ends by the context's deadline.
    Task<void> probe_all();

    std::vector<Observation> take() { return std::move(seen_); }
    Discovery take_discovery() { return std::move(discovery_); }
    /// Who was asked about certificates.
    const std::set<std::string>& status_hosts() const { return revocations_.told(); }
    diagnose::LoginCase login_summary() const { return logins_.summary(); }

private:
    // The loop: check_run.cpp.
    std::size_t running() const;
    void start_what_is_due();
    /// All that was asked for works: ports that say nothing are not waited for much longer, they would only
    /// add alternatives.
    void stop_waiting_for_extras();
    Task<void> wake_at(Clock::time_point moment);
    void tell(Progress::Kind kind, std::string what, Subject subject);
    /// Live: as soon as nothing that decides is still under way, what was seen is judged, while alternatives
    /// and logins go on.
    void tell_diagnosis_if_certain();
    void keep(Observation seen);

    // Steps of the plan: check_run_steps.cpp.
    void start(plan::Step step);
    /// What the domain publishes joins the candidates as it comes in.
    Task<void> discover_settings();
    Task<void> look_up(plan::Lookup step);
    Task<void> ask_dane(plan::DaneQuestion question);
    Task<void> ask_mta_sts(plan::MtaStsQuestion question);
    Task<void> visit(plan::Visit step);

    // What follows from the dialogs: check_run_follow_ups.cpp.
    bool certificates_look_outdated() const;
    /// Is it the certificates, or this computer's clock? The web servers of the domain and of its mail
    /// servers say what time it is.
    Task<void> ask_clocks();
    /// Looks at all that the servers' TLS can do, one server a role.
    Task<void> survey_all();
    /// One login at a time, receiving first: a role's turn comes when the dialog with its server is known to
    /// work, or when nothing more will be seen.
    void start_login_if_due();
    Task<void> log_in(plan::LoginTarget target);
    bool login_pending() const;
    /// When the logins are through: with the settings and names that worked.
    void start_send_test_if_due();
    Task<void> send(probe::SendQuestion question);
    /// One server after the other, and after the logins: refusals must not make a server distrust them.
    void start_relay_test_if_due();
    Task<void> test_relay(plan::RelayTarget target);

    CheckInput input_;
    plan::Planner planner_;
    async::Group essential_;  // what decides the diagnosis
    async::Group extra_;      // what would only add alternatives
    async::Group logging_in_;
    Revocations revocations_;
    Logins logins_;
    async::Group relaying_;
    std::vector<Role> login_roles_{Role::incoming, Role::outgoing};
    async::Group sending_;
    bool send_decided_{false};
    std::vector<Role> relay_roles_{Role::mx, Role::outgoing};
    std::set<std::pair<IpAddress, Port>> relayed_;  // asked already: a server may have both roles
    async::Group timers_;
    async::Event news_;
    std::vector<Observation> seen_;
    std::vector<plan::Visit> silent_;
    Discovery discovery_;
    std::size_t done_{0}, planned_{0}, judged_{0};
    std::optional<Clock::time_point> patience_ends_;
    bool dropping_{false};
};

}  // namespace maildoctor::doctor
