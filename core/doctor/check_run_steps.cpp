// What the plan asks for: look-ups, visits, published policy and settings.
#include <algorithm>
#include <string>
#include <utility>

#include "core/discover/search.h"
#include "core/doctor/check_run.h"
#include "core/doctor/transport_policy.h"
#include "core/model/dialog.h"
#include "core/plan/candidates.h"
#include "core/probe/lookup.h"
#include "core/probe/port.h"

namespace maildoctor::doctor {
namespace {

Subject subject_of(const plan::Visit& step) {
    return {.host = step.host.text(),
            .port = step.port,
            .protocol = step.protocol,
            .security = step.start,
            .role = step.role};
}

Observation not_asked(const plan::Visit& step) {
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

}  // namespace

void CheckRun::start(plan::Step step) {
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

Task<void> CheckRun::discover_settings() {
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

Task<void> CheckRun::look_up(plan::Lookup step) {
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

Task<void> CheckRun::ask_dane(plan::DaneQuestion question) {
    const Subject subject{.host = question.host.text(), .port = question.port, .role = question.role};
    const std::string what = "looking up the published key of " + question.host.text();
    tell(Progress::Kind::started, what, subject);
    keep(co_await observe_dane(input_.context, std::move(question)));
    tell(Progress::Kind::finished, what, subject);
    news_.nudge();
}

Task<void> CheckRun::ask_mta_sts(plan::MtaStsQuestion question) {
    const Subject subject{.host = question.domain.text()};
    const std::string what = "reading the transport policy of " + question.domain.text();
    tell(Progress::Kind::started, what, subject);
    keep(co_await observe_mta_sts(input_.context, input_.policy_web, std::move(question)));
    tell(Progress::Kind::finished, what, subject);
    news_.nudge();
}

Task<void> CheckRun::visit(plan::Visit step) {
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

}  // namespace maildoctor::doctor
