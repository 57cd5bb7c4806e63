#include "core/diagnose/blocked_port.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "core/diagnose/evidence.h"
#include "core/model/dialog.h"
#include "core/names/names.h"

namespace maildoctor::diagnose {
namespace {

constexpr Port port = *Port::from(25);

/// Who runs a host, as far as its name tells: hosts of one operator prove nothing twice.
std::string operator_of(const std::string& host) {
    const auto name = HostName::from(host);
    const auto domain = name ? names::registered_domain(*name) : std::nullopt;
    return domain ? domain->text() : host;
}

}  // namespace

std::vector<const Observation*> blocked_port_25(const Picture& picture) {
    std::set<std::string> operators;
    std::vector<const Observation*> silent;
    for (const Observation& seen : picture.all()) {
        if ((!is_dialog(seen) && !is_connect(seen)) || seen.subject.port != port) continue;
        if (connected(seen)) return {};
        if (!silent_port(seen) || picture.other_port_that_answers(*seen.subject.host, port) == nullptr)
            continue;
        operators.insert(operator_of(*seen.subject.host));
        silent.push_back(&seen);
    }
    return operators.size() < 2 ? std::vector<const Observation*>{} : silent;
}

void blame_network(const std::vector<const Observation*>& silent, const Picture& picture,
                   std::vector<Draft>& drafts) {
    const auto typed = std::ranges::find_if(drafts, [&](const Draft& d) {
        return d.cause == Cause::net_timeout && d.subject.port == port && d.severity == Severity::error;
    });
    Draft draft = draft_about(Cause::net_port_blocked, *silent.front(), "port-25-blocked");
    if (typed != drafts.end()) draft.subject = typed->subject;
    draft.confidence = Confidence::likely;
    draft.variant = "25";
    draft.severity = typed != drafts.end() ? Severity::error : Severity::info;
    for (const Observation* seen : silent) {
        draft.evidence.push_back(connect_evidence(*seen));
        if (const Observation* other = picture.other_port_that_answers(*seen->subject.host, port))
            draft.evidence.push_back({.kind = "connect", .text = place(other->subject) + ": answers"});
        draft.observations.push_back(seen->id);
    }
    if (typed != drafts.end()) drafts.erase(typed);
    drafts.push_back(std::move(draft));
}

bool leave_port_25_open(std::vector<Draft>& drafts, std::vector<NotTested>& not_tested) {
    const auto removed = std::erase_if(
        drafts, [&](const Draft& d) { return d.cause == Cause::net_timeout && d.subject.port == port; });
    not_tested.push_back({.what = "port 25",
                          .because = "the network that this test runs in blocks it; whether the "
                                     "customer's does shows only there"});
    return removed > 0;
}

}  // namespace maildoctor::diagnose
