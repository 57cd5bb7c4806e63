#include "core/doctor/check.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <utility>

#include "core/async/event.h"
#include "core/async/when_all.h"
#include "core/diagnose/diagnose.h"
#include "core/discover/search.h"
#include "core/doctor/advice.h"
#include "core/doctor/logins.h"
#include "core/doctor/reference.h"
#include "core/doctor/relay.h"
#include "core/doctor/tls_clients.h"
#include "core/doctor/told.h"
#include "core/doctor/transport_policy.h"
#include "core/doctor/version.h"
#include "core/model/dialog.h"
#include "core/model/text.h"
#include "core/plan/candidates.h"
#include "core/plan/login_target.h"
#include "core/plan/relay_target.h"
#include "core/plan/survey_target.h"
#include "core/probe/clock.h"
#include "core/probe/lookup.h"
#include "core/probe/port.h"
#include "core/probe/relay.h"
#include "core/probe/revocation.h"
#include "core/probe/route.h"
#include "core/probe/send.h"
#include "core/probe/survey.h"

namespace maildoctor::doctor {
namespace {

constexpr std::chrono::milliseconds patience{1500};
constexpr std::chrono::milliseconds basic_relay_limit{10000};
constexpr std::chrono::hours whole_run{24};  // the run's own deadline comes first

/// Runs steps side by side and collects what they see. Lives on the loop of one run.
class Engine {
public:
    Engine(CheckInput input, const asio::any_io_executor& executor)
        : input_(std::move(input)),
          planner_(input_.request, input_.knowledge),
          essential_(executor),
          extra_(executor),
          logging_in_(executor),
          revocation_(executor),
          logins_(input_.context, input_.pack, std::move(input_.credentials), input_.request.email),
          relaying_(executor),
          sending_(executor),
          timers_(executor),
          news_(executor) {}

    Task<void> probe_all() {
        if (input_.web && input_.request.email) extra_.start(discover_settings());
        while (true) {
            if (co_await async::cancelled()) {
                essential_.cancel();
                extra_.cancel();
                logging_in_.cancel();
                relaying_.cancel();
                sending_.cancel();
                revocation_.cancel();
            } else if (!input_.context->deadline.passed()) {
                start_what_is_due();
            }
            start_login_if_due();
            tell_diagnosis_if_certain();
            start_relay_test_if_due();
            start_send_test_if_due();
            if (running() + logging_in_.running() + relaying_.running() + sending_.running() +
                    revocation_.running() ==
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
        co_await revocation_.wait();
        timers_.cancel();
        co_await timers_.wait();
        const bool resolver_dead = std::ranges::any_of(
            seen_, [](const Observation& o) { return o.dns && o.dns->detail == "resolver-unreachable"; });
        if (certificates_look_outdated()) co_await ask_clocks();
        if (input_.request.tls_survey) co_await survey_all();
        if (resolver_dead) keep(co_await probe::has_route(input_.context, input_.resolver_addresses));
    }

    bool certificates_look_outdated() const {
        return std::ranges::any_of(seen_, [](const Observation& seen) {
            return seen.tls && std::ranges::any_of(seen.tls->faults, [](ChainFault fault) {
                       return fault == ChainFault::expired || fault == ChainFault::not_yet_valid;
                   });
        });
    }

    /// Is it the certificates, or this computer's clock? The web servers of the domain and of its mail
    /// servers say what time it is.
    Task<void> ask_clocks() {
        constexpr std::size_t most = 3;
        if (!input_.status_web || co_await async::cancelled()) co_return;
        std::vector<std::string> hosts;
        const auto add = [&](const std::string& host) {
            if (hosts.size() < most && std::ranges::find(hosts, host) == hosts.end()) hosts.push_back(host);
        };
        if (input_.request.email) add(input_.request.email->domain.text());
        for (const Observation& seen : seen_)
            if (is_dialog(seen) && connected(seen) && seen.subject.host) add(*seen.subject.host);
        std::vector<Task<Observation>> questions;
        for (const std::string& host : hosts)
            if (const auto name = HostName::from(host))
                questions.push_back(probe::ask_clock(input_.context, input_.status_web, *name));
        for (Observation& seen : co_await async::when_all(std::move(questions)))
            keep(std::move(seen));
    }

    /// Looks at all that the servers' TLS can do, one server a role.
    Task<void> survey_all() {
        for (plan::SurveyTarget& target : plan::survey_targets(input_.request, seen_)) {
            if (co_await async::cancelled()) co_return;
            const ServerSetting& setting = target.setting;
            const std::string what =
                "TLS of " + setting.host.text() + " port " + std::to_string(setting.port.number());
            const Subject subject{.host = setting.host.text(),
                                  .address = target.address,
                                  .port = setting.port,
                                  .protocol = setting.protocol,
                                  .security = setting.security,
                                  .role = role_of(setting.protocol)};
            ++planned_;
            tell(Progress::Kind::started, what, subject);
            probe::PortQuestion question{.host = setting.host,
                                         .addresses = {target.address},
                                         .port = setting.port,
                                         .protocol = setting.protocol,
                                         .start = setting.security,
                                         .role = role_of(setting.protocol),
                                         .source = setting.source};
            keep(co_await probe::tls_survey(input_.context, std::move(question), tls_clients(input_.pack)));
            tell(Progress::Kind::finished, what, subject);
        }
    }

    std::vector<Observation> take() { return std::move(seen_); }
    Discovery take_discovery() { return std::move(discovery_); }
    /// Who was asked about certificates.
    const std::set<std::string>& status_hosts() const { return told_; }
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
        if (revocation_.running() > 0) return;  // no password to a certificate that was called back
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

    /// When the logins are through: with the settings and names that worked.
    void start_send_test_if_due() {
        const auto& to = input_.request.send_test_to;
        if (!to || !input_.request.email || login_pending() || !login_roles_.empty() ||
            std::exchange(send_decided_, true))
            return;
        auto outgoing = logins_.proven(Role::outgoing);
        if (!outgoing) return;
        const EmailAddress& own = *input_.request.email;
        probe::SendQuestion question{
            .outgoing = std::move(*outgoing), .sender = own.text(), .recipient = to->text()};
        if (same_word(to->text(), own.text())) question.mailbox = logins_.proven(Role::incoming);
        ++planned_;
        sending_.start(send(std::move(question)));
    }

    Task<void> send(probe::SendQuestion question) {
        const std::string what = "a test message to " + question.recipient;
        const Subject about{.host = question.outgoing.question.host.text(),
                            .port = question.outgoing.question.port,
                            .protocol = Protocol::smtp,
                            .role = Role::outgoing};
        tell(Progress::Kind::started, what, about);
        keep(co_await probe::send_test(input_.context, std::move(question)));
        tell(Progress::Kind::finished, what, about);
        news_.nudge();
    }

    bool login_pending() const {
        return logging_in_.running() > 0 ||
               std::ranges::any_of(login_roles_, [this](Role role) { return logins_.wanted(role); });
    }

    /// One server after the other, and after the logins: refusals must not make a server distrust them.
    void start_relay_test_if_due() {
        if (input_.request.relay.scope == RelayScope::off || login_pending()) return;
        const bool idle = running() == 0;
        while (!relay_roles_.empty() && relaying_.running() == 0) {
            auto target = plan::relay_target(relay_roles_.front(), input_.request, seen_, idle);
            if (!target || input_.context->deadline.passed()) return;
            relay_roles_.erase(relay_roles_.begin());
            auto* found = std::get_if<plan::RelayTarget>(&*target);
            if (found == nullptr) continue;
            if (!relayed_.emplace(found->address, found->setting.port).second) continue;
            ++planned_;
            relaying_.start(test_relay(std::move(*found)));
        }
    }

    Task<void> test_relay(plan::RelayTarget target) {
        const std::string what = target.setting.host.text() + " port " +
                                 std::to_string(target.setting.port.number()) + ": mail of strangers";
        const Subject about{.host = target.setting.host.text(),
                            .port = target.setting.port,
                            .protocol = Protocol::smtp,
                            .role = target.role};
        tell(Progress::Kind::started, what, about);
        probe::PortQuestion question{.host = target.setting.host,
                                     .addresses = {target.address},
                                     .port = target.setting.port,
                                     .protocol = Protocol::smtp,
                                     .start = target.setting.security,
                                     .role = target.role,
                                     .source = target.setting.source};
        const RelayWish& wish = input_.request.relay;
        const bool full = wish.scope == RelayScope::full;
        keep(co_await probe::port_relay(input_.context, std::move(question),
                                        relay_plan(wish, std::move(target.own_domain)),
                                        full ? whole_run : basic_relay_limit));
        tell(Progress::Kind::finished, what, about);
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
        if (!input_.live || !input_.sink || essential_.running() + revocation_.running() > 0 ||
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
        ask_revocation_of(seen_.back());
    }

    /// Once for each certificate of the user's servers that the handshake told nothing about.
    void ask_revocation_of(Observation& seen) {
        if (!input_.status_web || !seen.tls || seen.tls->chain.empty() || seen.subject.role == Role::mx)
            return;
        const CertificateFacts& leaf = seen.tls->chain.front();
        if (seen.tls->staple == Revocation::good || seen.tls->staple == Revocation::revoked) return;
        if (leaf.ocsp_url.empty() && leaf.crl_url.empty()) return;
        const auto [known, fresh] = revocations_.try_emplace(leaf.sha256);
        if (!fresh) return apply(known->second, *seen.tls);
        revocation_.start(learn_revocation(leaf.sha256));
    }

    Task<void> learn_revocation(std::string sha256) {
        auto answer = co_await probe::ask_revocation(input_.context, input_.status_web, sha256);
        for (Observation& seen : seen_) {
            if (seen.tls && !seen.tls->chain.empty() && seen.tls->chain.front().sha256 == sha256)
                apply(answer, *seen.tls);
        }
        for (const std::string& host : answer.asked)
            told_.insert(host);
        revocations_[sha256] = std::move(answer);
        news_.nudge();
    }

    static void apply(const probe::RevocationAnswer& answer, TlsFacts& tls) {
        tls.revocation = answer.status;
        tls.revocation_source = answer.source;
        tls.revocation_because = answer.because;
        if (answer.status != Revocation::revoked) return;
        if (std::ranges::find(tls.faults, ChainFault::revoked) == tls.faults.end())
            tls.faults.push_back(ChainFault::revoked);
        tls.verified = false;
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
    async::Group revocation_;
    std::map<std::string, probe::RevocationAnswer> revocations_;  // by fingerprint
    std::set<std::string> told_;
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
    OtherRuns others = input.others;
    const std::vector<IpAddress> resolvers = input.resolver_addresses;
    std::vector<Observation> observations;
    Discovery discovery;
    diagnose::LoginCase login;
    if (input.reference && input.request.email && input.request.incoming) {
        observations = co_await probe_reference(context, nullptr, input.request.email->domain,
                                                input.request.incoming->host, Kept::all);
    } else {
        Engine engine(std::move(input), co_await asio::this_coro::executor);
        co_await engine.probe_all();
        observations = engine.take();
        discovery = engine.take_discovery();
        login = engine.login_summary();
        for (const std::string& host : engine.status_hosts())
            discovery.told.push_back(
                {.who = host, .what = "which certificate was seen, to learn whether it was revoked"});
        compare_with_policy(observations, report.started);
    }
    diagnose::Case seen{.request = report.request,
                        .clues = report.clues,
                        .observations = std::move(observations),
                        .sources = std::move(discovery.sources),
                        .now = report.started,
                        .cancelled = co_await async::cancelled(),
                        .out_of_time = context->deadline.passed(),
                        .login = std::move(login),
                        .others = std::move(others)};
    report.told = who_was_told(report.request, resolvers, std::move(discovery.told), seen.observations);
    tell_diagnosis(report, diagnose::diagnose(seen, pack));
    if (report.request.email) add_publication(report.request.email->domain, report);
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
    report.limits = std::move(diagnosis.limits);
}

}  // namespace maildoctor::doctor
