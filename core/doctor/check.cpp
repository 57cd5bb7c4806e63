#include "core/doctor/check.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "core/async/event.h"
#include "core/async/when_all.h"
#include "core/diagnose/diagnose.h"
#include "core/discover/search.h"
#include "core/doctor/logins.h"
#include "core/doctor/reference.h"
#include "core/doctor/transport_policy.h"
#include "core/doctor/version.h"
#include "core/model/dialog.h"
#include "core/plan/candidates.h"
#include "core/plan/login_target.h"
#include "core/probe/lookup.h"
#include "core/probe/port.h"
#include "core/probe/route.h"

namespace maildoctor::doctor {
namespace {

constexpr std::chrono::milliseconds patience{1500};

/// Runs steps side by side and collects what they see. Lives on the loop of one run.
class Engine {
public:
    Engine(CheckInput input, const asio::any_io_executor& executor)
        : input_(std::move(input)),
          planner_(input_.request, input_.knowledge),
          essential_(executor),
          extra_(executor),
          logging_in_(executor),
          logins_(input_.context, input_.pack, std::move(input_.credentials), input_.request.email),
          timers_(executor),
          news_(executor) {}

    Task<void> probe_all() {
        if (input_.web && input_.request.email) extra_.start(discover_settings());
        while (true) {
            if (co_await async::cancelled()) {
                essential_.cancel();
                extra_.cancel();
                logging_in_.cancel();
            } else if (!input_.context->deadline.passed()) {
                start_what_is_due();
            }
            start_login_if_due();
            tell_diagnosis_if_certain();
            if (running() + logging_in_.running() == 0) break;
            stop_waiting_for_extras();
            co_await news_.wait_for_news();
        }
        co_await essential_.wait();
        co_await extra_.wait();
        co_await logging_in_.wait();
        timers_.cancel();
        co_await timers_.wait();
        const bool resolver_dead = std::ranges::any_of(
            seen_, [](const Observation& o) { return o.dns && o.dns->detail == "resolver-unreachable"; });
        if (resolver_dead) keep(co_await probe::has_route(input_.context, input_.resolver_addresses));
    }

    std::vector<Observation> take() { return std::move(seen_); }
    Discovery take_discovery() { return std::move(discovery_); }
    diagnose::LoginCase login_summary() const { return logins_.summary(); }

private:
    std::size_t running() const { return essential_.running() + extra_.running(); }

    void start_what_is_due() {
        for (plan::Step& step : planner_.next(seen_, running() == 0))
            start(std::move(step));
        for (const plan::Visit& visit : std::exchange(silent_, {})) {
            for (plan::Step& step : planner_.silent(visit))
                start(std::move(step));
        }
    }

    /// One login at a time, receiving first: a role's turn comes when the dialog with its server is known to
    /// work, or when nothing more will be seen.
    void start_login_if_due() {
        const bool idle = running() == 0;
        while (!login_roles_.empty() && logging_in_.running() == 0) {
            const Role role = login_roles_.front();
            if (logins_.wanted(role)) {
                auto target =
                    plan::login_target(role, input_.request, seen_, logins_.allows_insecure(), idle);
                if (!target) return;
                if (auto* none = std::get_if<plan::NoTarget>(&*target)) {
                    logins_.skip(role, std::move(none->because));
                } else {
                    ++planned_;
                    logging_in_.start(log_in(std::move(std::get<plan::LoginTarget>(*target))));
                }
            }
            login_roles_.erase(login_roles_.begin());
        }
    }

    Task<void> log_in(plan::LoginTarget target) {
        const std::string what = "logging in at " + target.setting.host.text();
        const Subject subject{.host = target.setting.host.text(),
                              .port = target.setting.port,
                              .protocol = target.setting.protocol,
                              .security = target.setting.security};
        tell(Progress::Kind::started, what, subject);
        co_await logins_.log_in(std::move(target), [this](Observation seen) { keep(std::move(seen)); });
        tell(Progress::Kind::finished, what, subject);
        news_.nudge();
    }

    /// All that was asked for works: ports that say nothing are not waited for much longer, they would only
    /// add alternatives.
    void stop_waiting_for_extras() {
        if (essential_.running() > 0 || extra_.running() == 0 || !planner_.satisfied(seen_)) return;
        if (!patience_ends_) {
            patience_ends_ = Clock::now() + patience;
            timers_.start(wake_at(*patience_ends_));
        } else if (Clock::now() >= *patience_ends_ && !std::exchange(dropping_, true)) {
            extra_.cancel();
        }
    }

    Task<void> wake_at(Clock::time_point moment) {
        co_await async::sleep_until(moment);
        news_.nudge();
    }

    void start(plan::Step step) {
        ++planned_;
        async::Group& group = planner_.matters(step) ? essential_ : extra_;
        if (auto* lookup = std::get_if<plan::Lookup>(&step)) {
            group.start(look_up(std::move(*lookup)));
        } else if (auto* dane = std::get_if<plan::DaneQuestion>(&step)) {
            group.start(ask_dane(std::move(*dane)));
        } else if (auto* mta_sts = std::get_if<plan::MtaStsQuestion>(&step)) {
            group.start(ask_mta_sts(std::move(*mta_sts)));
        } else {
            group.start(visit(std::move(std::get<plan::Visit>(step))));
        }
    }

    static Subject subject_of(const plan::Visit& step) {
        return {.host = step.host.text(),
                .port = step.port,
                .protocol = step.protocol,
                .security = step.start,
                .role = step.role};
    }

    static Observation not_asked(const plan::Visit& step) {
        Observation seen{.probe = std::string(dialog_probe)};
        seen.subject = subject_of(step);
        seen.source = step.source;
        seen.failure = Failure{.stage = Stage::connect,
                               .kind = FailureKind::not_possible,
                               .text =
                                   "the text names an address of this computer or its own network, which is "
                                   "asked only with --allow-local"};
        return seen;
    }

    void tell(Progress::Kind kind, std::string what, Subject subject) {
        if (kind == Progress::Kind::finished) ++done_;
        if (input_.sink)
            input_.sink({.kind = kind,
                         .what = std::move(what),
                         .done = done_,
                         .planned = planned_,
                         .subject = std::move(subject)});
    }

    /// Live: as soon as nothing that decides is still under way, what was seen is judged, while alternatives
    /// and logins go on.
    void tell_diagnosis_if_certain() {
        if (!input_.live || !input_.sink || essential_.running() > 0 || seen_.size() == judged_ ||
            running() + logging_in_.running() == 0)
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
                                           .login = logins_.summary()},
                                          input_.pack));
        input_.sink({.kind = Progress::Kind::diagnosed,
                     .done = done_,
                     .planned = planned_,
                     .so_far = std::move(report)});
    }

    void keep(Observation seen) {
        if (dropping_ && seen.failure && seen.failure->kind == FailureKind::cancelled) return;
        seen.id = seen_.size();
        seen_.push_back(std::move(seen));
        if (input_.live && input_.sink)
            input_.sink({.kind = Progress::Kind::seen,
                         .done = done_,
                         .planned = planned_,
                         .observation = std::make_shared<const Observation>(seen_.back())});
    }

    /// What the domain publishes joins the candidates as it comes in.
    Task<void> discover_settings() {
        discover::SearchOptions options{.third_parties = input_.third_parties};
        options.on_answer = [this](const SourceAnswer& answer) {
            if (answer.outcome != SourceAnswer::Outcome::settings) return;
            planner_.publish(answer.document.settings.incoming);
            planner_.publish(answer.document.settings.outgoing);
            news_.nudge();
        };
        discovery_ = co_await discover::search(input_.context->resolver, input_.web, *input_.request.email,
                                               std::move(options), input_.context->deadline);
        news_.nudge();
    }

    Task<void> look_up(plan::Lookup step) {
        const std::string what = "looking up " + step.name;
        const Subject subject{.host = step.name};
        tell(Progress::Kind::started, what, subject);
        const auto host = HostName::from(step.name);
        if (step.addresses && host) {
            for (Observation& seen : co_await probe::host_addresses(input_.context, *host, step.source))
                keep(std::move(seen));
        } else {
            keep(co_await probe::lookup(input_.context, step.name, step.type, step.source));
        }
        tell(Progress::Kind::finished, what, subject);
        news_.nudge();
    }

    Task<void> ask_dane(plan::DaneQuestion question) {
        const Subject subject{.host = question.host.text(), .port = question.port, .role = question.role};
        const std::string what = "looking up the published key of " + question.host.text();
        tell(Progress::Kind::started, what, subject);
        keep(co_await observe_dane(input_.context, std::move(question)));
        tell(Progress::Kind::finished, what, subject);
        news_.nudge();
    }

    Task<void> ask_mta_sts(plan::MtaStsQuestion question) {
        const Subject subject{.host = question.domain.text()};
        const std::string what = "reading the transport policy of " + question.domain.text();
        tell(Progress::Kind::started, what, subject);
        keep(co_await observe_mta_sts(input_.context, input_.policy_web, std::move(question)));
        tell(Progress::Kind::finished, what, subject);
        news_.nudge();
    }

    Task<void> visit(plan::Visit step) {
        const std::string what = step.host.text() + " port " + std::to_string(step.port.number());
        const Subject subject = subject_of(step);
        tell(Progress::Kind::started, what, subject);
        probe::PortQuestion question{.host = step.host,
                                     .addresses = plan::addresses_of(step.host, seen_),
                                     .port = step.port,
                                     .protocol = step.protocol,
                                     .start = step.start,
                                     .role = step.role,
                                     .source = step.source,
                                     .impatient = step.impatient};
        if (step.only) question.addresses = {*step.only};
        if (!input_.local_allowed) {
            const auto removed = std::erase_if(question.addresses, [](const IpAddress& a) {
                return a.is_loopback() || a.is_link_local() || a.is_unspecified();
            });
            if (removed > 0 && question.addresses.empty()) {
                keep(not_asked(step));
                tell(Progress::Kind::finished, what, subject);
                news_.nudge();
                co_return;
            }
        }
        if (step.start != Security::tls) {
            question.on_silence = [this, step] {
                silent_.push_back(step);
                news_.nudge();
            };
        }
        if (step.connect_only) {
            keep(co_await probe::port_connect(input_.context, std::move(question)));
        } else {
            keep(co_await probe::port_dialog(input_.context, std::move(question)));
        }
        tell(Progress::Kind::finished, what, subject);
        news_.nudge();
    }

    CheckInput input_;
    plan::Planner planner_;
    async::Group essential_;  // what decides the diagnosis
    async::Group extra_;      // what would only add alternatives
    async::Group logging_in_;
    Logins logins_;
    std::vector<Role> login_roles_{Role::incoming, Role::outgoing};
    async::Group timers_;
    async::Event news_;
    std::vector<Observation> seen_;
    std::vector<plan::Visit> silent_;
    Discovery discovery_;
    std::size_t done_{0}, planned_{0}, judged_{0};
    std::optional<Clock::time_point> patience_ends_;
    bool dropping_{false};
};

std::vector<Told> who_was_told(const Request& request, const std::vector<IpAddress>& resolvers) {
    std::vector<Told> told;
    std::string names;
    for (const IpAddress& address : resolvers)
        names += (names.empty() ? "" : ", ") + address.text();
    if (!names.empty())
        told.push_back({.who = "name server " + names, .what = "the names of the domain and its servers"});
    if (request.email)
        told.push_back({.who = "the mail servers of " + request.email->domain.text(),
                        .what = "that somebody connects; no address, no password"});
    return told;
}

void tell_about_logins(const std::vector<Observation>& observations, std::vector<Told>& told) {
    std::set<std::string> servers;
    for (const Observation& seen : observations) {
        if (seen.login && seen.login->secret_sent && servers.insert(*seen.subject.host).second)
            told.push_back({.who = *seen.subject.host, .what = "user name and password, for a login"});
        if (seen.mta_sts && seen.mta_sts->status != 0)
            told.push_back({.who = "mta-sts." + *seen.subject.host,
                            .what = "that somebody reads the domain's transport policy"});
    }
}

}  // namespace

Task<Report> run_check(CheckInput input) {
    Report report{.version = std::string(version())};
    report.request = input.request;
    report.clues = input.clues;
    report.started =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
            .count();
    const knowledge::Pack pack = input.pack;
    const probe::ContextPtr context = input.context;
    const std::shared_ptr<diagnose::Case> kept = input.kept;
    report.told = who_was_told(input.request, input.resolver_addresses);
    std::vector<Observation> observations;
    Discovery discovery;
    diagnose::LoginCase login;
    if (input.reference && input.request.email && input.request.incoming) {
        observations =
            co_await probe_reference(context, input.request.email->domain, input.request.incoming->host);
    } else {
        Engine engine(std::move(input), co_await asio::this_coro::executor);
        co_await engine.probe_all();
        observations = engine.take();
        discovery = engine.take_discovery();
        login = engine.login_summary();
        compare_with_policy(observations, report.started);
    }
    for (Told& told : discovery.told)
        report.told.push_back(std::move(told));
    diagnose::Case seen{.request = report.request,
                        .clues = report.clues,
                        .observations = std::move(observations),
                        .sources = std::move(discovery.sources),
                        .now = report.started,
                        .cancelled = co_await async::cancelled(),
                        .out_of_time = context->deadline.passed(),
                        .login = std::move(login)};
    tell_about_logins(seen.observations, report.told);
    tell_diagnosis(report, diagnose::diagnose(seen, pack));
    report.observations = std::move(seen.observations);
    report.duration = context->since_began();
    if (kept) *kept = std::move(seen);
    co_return report;
}

void tell_diagnosis(Report& report, diagnose::Diagnosis diagnosis) {
    report.verdict = diagnosis.verdict;
    report.findings = std::move(diagnosis.findings);
    report.not_tested = std::move(diagnosis.not_tested);
    report.settings = std::move(diagnosis.settings);
    report.notes = std::move(diagnosis.notes);
}

}  // namespace maildoctor::doctor
