// What rests on the dialogs that went before: logins, a test message, relay tests, a survey of TLS, the
// clock.
#include <algorithm>
#include <string>
#include <utility>

#include "core/async/when_all.h"
#include "core/doctor/check_run.h"
#include "core/doctor/relay.h"
#include "core/doctor/tls_clients.h"
#include "core/model/dialog.h"
#include "core/model/text.h"
#include "core/plan/login_target.h"
#include "core/plan/relay_target.h"
#include "core/plan/survey_target.h"
#include "core/probe/clock.h"
#include "core/probe/port.h"
#include "core/probe/relay.h"
#include "core/probe/send.h"
#include "core/probe/survey.h"

namespace maildoctor::doctor {
namespace {

constexpr std::chrono::milliseconds basic_relay_limit{10000};
constexpr std::chrono::hours whole_run{24};  // the run's own deadline comes first

}  // namespace

bool CheckRun::certificates_look_outdated() const {
    return std::ranges::any_of(seen_, [](const Observation& seen) {
        return seen.tls && std::ranges::any_of(seen.tls->faults, [](ChainFault fault) {
                   return fault == ChainFault::expired || fault == ChainFault::not_yet_valid;
               });
    });
}

Task<void> CheckRun::ask_clocks() {
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

Task<void> CheckRun::survey_all() {
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

void CheckRun::start_login_if_due() {
    if (revocations_.running() > 0) return;  // no password to a certificate that was called back
    const bool idle = running() == 0;
    while (!login_roles_.empty() && logging_in_.running() == 0) {
        const Role role = login_roles_.front();
        if (logins_.wanted(role)) {
            auto target = plan::login_target(role, input_.request, seen_, logins_.allows_insecure(), idle);
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

Task<void> CheckRun::log_in(plan::LoginTarget target) {
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

bool CheckRun::login_pending() const {
    return logging_in_.running() > 0 ||
           std::ranges::any_of(login_roles_, [this](Role role) { return logins_.wanted(role); });
}

void CheckRun::start_send_test_if_due() {
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

Task<void> CheckRun::send(probe::SendQuestion question) {
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

void CheckRun::start_relay_test_if_due() {
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

Task<void> CheckRun::test_relay(plan::RelayTarget target) {
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

}  // namespace maildoctor::doctor
