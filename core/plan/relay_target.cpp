#include "core/plan/relay_target.h"

#include <algorithm>
#include <utility>

#include "core/model/dialog.h"
#include "core/names/names.h"

namespace maildoctor::plan {
namespace {

using Target = std::variant<RelayTarget, NoTarget>;

const Observation* answering(const std::vector<Observation>& seen, auto matches) {
    const auto found = std::ranges::find_if(seen, [&](const Observation& o) {
        return is_dialog(o) && o.subject.protocol == Protocol::smtp && o.subject.address &&
               o.source != address_source && o.source != "typo" && greeted(o) &&
               o.mail->service == Service::smtp && matches(o);
    });
    return found == seen.end() ? nullptr : &*found;
}

std::string own_domain(const Request& request, const HostName& host) {
    if (request.email && !request.relay.server && !request.relay.domain) return request.email->domain.text();
    return relay_domain(request.relay, host);
}

Target target_at(const Observation& seen, Role role, const Request& request) {
    const HostName host = *HostName::from(*seen.subject.host);
    return RelayTarget{.setting = {.protocol = Protocol::smtp,
                                   .host = host,
                                   .port = *seen.subject.port,
                                   .security = *seen.subject.security,
                                   .source = seen.source},
                       .address = *seen.subject.address,
                       .role = role,
                       .own_domain = own_domain(request, host)};
}

std::optional<Target> outgoing_target(const Request& request, const std::vector<Observation>& seen,
                                      bool idle) {
    if (request.outgoing) {
        const Observation* const typed = answering(seen, [&](const Observation& o) {
            return o.subject.host == request.outgoing->host.text() &&
                   o.subject.port == request.outgoing->port;
        });
        if (typed != nullptr) return target_at(*typed, Role::outgoing, request);
    }
    const auto found = login_target(Role::outgoing, request, seen, true, idle);
    if (!found) return std::nullopt;
    if (const auto* none = std::get_if<NoTarget>(&*found)) return *none;
    const auto& target = std::get<LoginTarget>(*found);
    return RelayTarget{.setting = target.setting,
                       .address = target.address,
                       .role = Role::outgoing,
                       .own_domain = own_domain(request, target.setting.host)};
}

}  // namespace

Role relay_role(Port port) noexcept {
    constexpr int for_strangers = 25;
    return port.number() == for_strangers ? Role::mx : Role::outgoing;
}

std::string relay_domain(const RelayWish& wish, const HostName& host) {
    if (wish.domain) return wish.domain->text();
    if (host.is_literal()) return {};
    return names::registered_domain(host).value_or(host).text();
}

std::optional<Target> relay_target(Role role, const Request& request, const std::vector<Observation>& seen,
                                   bool idle) {
    if (request.relay.server) {
        const ServerSetting& server = *request.relay.server;
        if (role != relay_role(server.port)) return NoTarget{};
        const Observation* const dialog = answering(seen, [&](const Observation& o) {
            return o.subject.host == server.host.text() && o.subject.port == server.port;
        });
        if (dialog != nullptr) return target_at(*dialog, role, request);
        return idle ? std::optional<Target>(NoTarget{"the server did not get as far as a greeting"})
                    : std::nullopt;
    }
    if (role == Role::outgoing) return outgoing_target(request, seen, idle);
    const Observation* const exchanger =
        answering(seen, [](const Observation& o) { return o.subject.role == Role::mx && o.source == "mx"; });
    if (exchanger != nullptr) return target_at(*exchanger, Role::mx, request);
    return idle ? std::optional<Target>(NoTarget{}) : std::nullopt;
}

}  // namespace maildoctor::plan
