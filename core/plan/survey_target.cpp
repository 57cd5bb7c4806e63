#include "core/plan/survey_target.h"

#include <optional>
#include <tuple>

#include "core/model/dialog.h"

namespace maildoctor::plan {
namespace {

/// Whether TLS can be spoken there at all, good or bad.
bool speaks_tls(const Observation& seen) {
    if (!connected(seen) || !seen.subject.address || seen.source == address_source) return false;
    if (seen.subject.security == Security::tls) return !text_where_tls_was_asked(seen);
    return seen.mail && seen.mail->starttls_offered;
}

SurveyTarget target_of(const Observation& seen) {
    return {
        .setting = {.protocol = *seen.subject.protocol,
                    .host = *HostName::from(*seen.subject.host),
                    .port = *seen.subject.port,
                    .security = seen.subject.security == Security::tls ? Security::tls : Security::starttls,
                    .source = seen.source},
        .address = *seen.subject.address};
}

bool is_of(const ServerSetting& typed, const Observation& seen) {
    return seen.subject.host == typed.host.text() && seen.subject.port == typed.port &&
           seen.subject.protocol == typed.protocol &&
           (seen.subject.security == Security::tls) == (typed.security == Security::tls);
}

auto preference(const Observation& seen) {
    return std::tuple(usable_securely(seen) ? 0 : 1, seen.subject.security == Security::tls ? 0 : 1,
                      seen.subject.protocol == Protocol::pop3 ? 1 : 0, seen.subject.port->number());
}

std::optional<SurveyTarget> target_for(Role role, const std::optional<ServerSetting>& typed,
                                       const std::vector<Observation>& seen) {
    const Observation* best = nullptr;
    for (const Observation& one : seen) {
        if (!is_dialog(one) || one.subject.role != role || !one.subject.port || !speaks_tls(one)) continue;
        if (typed ? !is_of(*typed, one) : !usable_securely(one)) continue;
        if (!HostName::from(*one.subject.host)) continue;
        if (best == nullptr || preference(one) < preference(*best)) best = &one;
    }
    if (best == nullptr) return std::nullopt;
    return target_of(*best);
}

}  // namespace

std::vector<SurveyTarget> survey_targets(const Request& request, const std::vector<Observation>& seen) {
    std::vector<SurveyTarget> targets;
    for (const Role role : {Role::incoming, Role::outgoing}) {
        const auto& typed = role == Role::incoming ? request.incoming : request.outgoing;
        if (!typed && request.only_typed) continue;
        if (auto target = target_for(role, typed, seen)) targets.push_back(std::move(*target));
    }
    return targets;
}

}  // namespace maildoctor::plan
