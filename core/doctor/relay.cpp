#include "core/doctor/relay.h"

#include <utility>

#include "core/doctor/doctor.h"
#include "core/plan/relay_target.h"

namespace maildoctor::doctor {

mail::RelayPlan relay_plan(const RelayWish& wish, std::string own_domain) {
    mail::RelayPlan plan{.full = wish.scope == RelayScope::full, .own_domain = std::move(own_domain)};
    if (!wish.sender.empty()) plan.sender = wish.sender;
    if (!wish.recipient.empty()) plan.recipient = wish.recipient;
    return plan;
}

std::vector<RelayTrial> relay_questions(const RelayWish& wish) {
    std::vector<RelayTrial> questions;
    if (!wish.server) return questions;
    const HostName& host = wish.server->host;
    mail::RelayPlan plan = relay_plan(wish, plan::relay_domain(wish, host));
    plan.server_name = host.text();
    plan.address = host.literal();
    if (plan.own_domain.empty()) plan.own_domain = host.text();
    for (mail::RelayPattern& pattern : mail::relay_patterns(plan))
        questions.push_back({.pattern = std::move(pattern.name),
                             .sender = std::move(pattern.sender),
                             .recipient = std::move(pattern.recipient)});
    return questions;
}

}  // namespace maildoctor::doctor
