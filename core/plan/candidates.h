// Which servers of a domain may serve an account, read from what DNS said so far.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/observation.h"
#include "core/model/report.h"
#include "core/model/srv_services.h"
#include "core/plan/step.h"

namespace maildoctor::plan {

inline constexpr std::size_t max_mx_visited = 4;  ///< of a domain

/// The usual names of mail servers, and which roles they stand for.
struct UsualName {
    std::string_view label;
    bool incoming;
    bool outgoing;
};
inline constexpr std::array<UsualName, 5> usual_names = {{{"mail", true, true},
                                                          {"imap", true, false},
                                                          {"smtp", false, true},
                                                          {"pop", true, false},
                                                          {"pop3", true, false}}};

/// Servers that SRV records of the account's domain name; the target "." (not offered) is left out.
std::vector<ServerSetting> srv_servers(const HostName& domain, const std::vector<Observation>& seen);

/// The MX hosts that are real names, best first, at most `limit`.
std::vector<HostName> mx_hosts(const HostName& domain, const std::vector<Observation>& seen,
                               std::size_t limit);

/// The DNS observation for a name and type, or nullptr when it has not ended yet.
const Observation* dns_answer(const std::vector<Observation>& seen, std::string_view name, RecordType type);

/// All addresses of a host as far as they are known.
std::vector<IpAddress> addresses_of(const HostName& host, const std::vector<Observation>& seen);
/// Whether both address questions have ended.
bool addresses_known(const HostName& host, const std::vector<Observation>& seen);

/// The visits to a host that make sense for the roles: the usual ports with their usual modes.
std::vector<Visit> usual_visits(const HostName& host, bool incoming, bool outgoing,
                                const std::string& source);

}  // namespace maildoctor::plan
