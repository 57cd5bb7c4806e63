// Which servers are asked to pass on mail for strangers.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/model/observation.h"
#include "core/model/report.h"
#include "core/plan/login_target.h"

namespace maildoctor::plan {

struct RelayTarget {
    ServerSetting setting;
    IpAddress address;
    Role role{};
    std::string own_domain{};  ///< that the server receives mail for; empty: not known
};

/// The port decides what may be expected of a server: 25 receives from strangers, the others are for
/// submission.
Role relay_role(Port port) noexcept;

/// The domain that a server which is named alone receives mail for: as given, else the registered one of its
/// name. @return empty when only an address is known
std::string relay_domain(const RelayWish& wish, const HostName& host);

/// The server to ask for a role, once its dialog is known to work: the one that was named
/// (RelayWish::server); else for Role::mx the first mail exchanger that answers, for Role::outgoing the typed
/// server, else the best one that is plainly the account's own.
/// @param idle nothing further will be seen
/// @return nothing as long as it is open; NoTarget where the role has none
std::optional<std::variant<RelayTarget, NoTarget>> relay_target(Role role, const Request& request,
                                                                const std::vector<Observation>& seen,
                                                                bool idle);

}  // namespace maildoctor::plan
