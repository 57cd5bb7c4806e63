#include "core/doctor/transport_policy.h"

#include <utility>

#include "core/model/dialog.h"
#include "core/policy/dane.h"
#include "core/policy/look_up.h"
#include "core/policy/mta_sts.h"

namespace maildoctor::doctor {
namespace {

using Outcome = DaneFacts::Outcome;

constexpr std::chrono::milliseconds mta_sts_limit{5000};

Observation start(const probe::Context& context, std::string_view probe, const HostName& host) {
    Observation seen{.probe = std::string(probe)};
    seen.subject.host = host.text();
    seen.source = "policy";
    seen.started = context.since_began();
    return seen;
}

void mark_unknown(Observation& seen, const std::string& because) {
    seen.answer = Answer::unknown;
    seen.failure = Failure{.stage = Stage::dns_lookup, .kind = FailureKind::rejected, .text = because};
}

/// Servers with several machines may present different certificates: one that does not fit decides.
void compare_one(Observation& seen, const std::vector<Observation>& all, const std::string& domain,
                 std::int64_t now) {
    const DaneFacts asked = *seen.dane;
    for (const Observation& dialog : all) {
        const bool same = is_dialog(dialog) && dialog.subject.host == seen.subject.host &&
                          dialog.subject.port == seen.subject.port;
        if (!same || !dialog.tls || !dialog.tls->completed) continue;
        std::vector<std::string> names{asked.host};
        if (seen.subject.role == Role::mx && !domain.empty()) names.push_back(domain);
        DaneFacts compared = policy::compare_dane(asked, *dialog.tls, std::move(names), now);
        if (seen.dane->outcome == Outcome::mismatch || compared.outcome == Outcome::not_compared) continue;
        seen.dane = std::move(compared);
        seen.answer = seen.dane->outcome == Outcome::match ? Answer::yes : Answer::no;
    }
}

}  // namespace

Task<Observation> observe_dane(probe::ContextPtr context, plan::DaneQuestion question) {
    Observation seen = start(*context, dane_probe, question.host);
    seen.subject.port = question.port;
    seen.subject.role = question.role;
    const bool smtp = question.role == Role::mx;
    const policy::Ask ask = policy::ask_resolver(context->resolver, context->deadline);
    seen.dane = co_await policy::look_up_dane(ask, question.host, question.port, smtp);
    seen.took = context->since_began() - seen.started;
    const Outcome outcome = seen.dane->outcome;
    seen.answer = outcome == Outcome::none || outcome == Outcome::insecure ? Answer::no : Answer::yes;
    if (outcome == Outcome::unknown) mark_unknown(seen, seen.dane->because);
    co_return seen;
}

Task<Observation> observe_mta_sts(probe::ContextPtr context, std::shared_ptr<const http::Transport> web,
                                  plan::MtaStsQuestion question) {
    Observation seen = start(*context, mta_sts_probe, question.domain);
    const Deadline deadline = context->deadline.within(mta_sts_limit);
    const policy::Ask ask = policy::ask_resolver(context->resolver, deadline);
    seen.mta_sts = co_await policy::look_up_mta_sts(ask, std::move(web), question.domain, false, deadline);
    seen.took = context->since_began() - seen.started;
    const MtaStsFacts& facts = *seen.mta_sts;
    seen.answer = facts.record.state == PolicyRecord::State::found ? Answer::yes : Answer::no;
    if (facts.record.state == PolicyRecord::State::unknown) mark_unknown(seen, facts.record.because);
    co_return seen;
}

void compare_with_policy(std::vector<Observation>& seen, std::int64_t now) {
    std::vector<std::string> exchangers;
    std::string domain;
    for (const Observation& one : seen) {
        if (one.mta_sts) domain = *one.subject.host;
    }
    for (const Observation& one : seen) {
        if (!one.dns || one.dns->type != RecordType::mx || one.dns->name != domain) continue;
        for (const MxRecord& record : one.dns->mx)
            if (!record.exchange.empty()) exchangers.push_back(record.exchange);
    }
    for (Observation& one : seen) {
        if (one.mta_sts) policy::compare_exchangers(exchangers, *one.mta_sts);
        if (one.dane && one.dane->outcome == Outcome::not_compared) compare_one(one, seen, domain, now);
    }
}

}  // namespace maildoctor::doctor
