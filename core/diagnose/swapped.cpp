#include "core/diagnose/swapped.h"

#include <algorithm>
#include <iterator>

namespace maildoctor::diagnose {
namespace {

bool works_at(const std::vector<ServerSetting>& settings, const HostName& host) {
    return std::ranges::any_of(settings, [&](const ServerSetting& setting) { return setting.host == host; });
}

/// Nobody listens there, or nobody answers: what a name in the wrong place looks like.
bool is_closed_door(const Draft& draft, const ServerSetting& typed) {
    return (draft.cause == Cause::net_refused || draft.cause == Cause::net_timeout) &&
           draft.severity == Severity::error && draft.subject.host == typed.host.text() &&
           draft.subject.port == typed.port;
}

}  // namespace

void join_swapped_names(const Request& request, const Settings& works, std::vector<Draft>& drafts) {
    if (!request.incoming || !request.outgoing || request.incoming->host == request.outgoing->host) return;
    const ServerSetting &in = *request.incoming, &out = *request.outgoing;
    if (!works_at(works.incoming, out.host) || !works_at(works.outgoing, in.host)) return;
    const auto receiving =
        std::ranges::find_if(drafts, [&](const Draft& draft) { return is_closed_door(draft, in); });
    const auto sending =
        std::ranges::find_if(drafts, [&](const Draft& draft) { return is_closed_door(draft, out); });
    if (receiving == drafts.end() || sending == drafts.end()) return;
    receiving->variant = "swapped";
    receiving->actor = Actor::user;
    receiving->values["other_server"] = out.host.text();
    std::ranges::move(sending->evidence, std::back_inserter(receiving->evidence));
    std::ranges::move(sending->observations, std::back_inserter(receiving->observations));
    drafts.erase(sending);
}

}  // namespace maildoctor::diagnose
