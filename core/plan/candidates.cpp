#include "core/plan/candidates.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "core/names/names.h"

namespace maildoctor::plan {

const Observation* dns_answer(const std::vector<Observation>& seen, std::string_view name, RecordType type) {
    const auto found = std::ranges::find_if(
        seen, [&](const Observation& o) { return o.dns && o.dns->type == type && o.dns->name == name; });
    return found == seen.end() ? nullptr : &*found;
}

std::vector<ServerSetting> srv_servers(const HostName& domain, const std::vector<Observation>& seen) {
    constexpr std::size_t max_targets = 4;  // of one service: a list of 300 is not followed to its end
    std::vector<ServerSetting> servers;
    for (const SrvService& service : srv_services) {
        const Observation* answer =
            dns_answer(seen, std::string(service.label) + "." + domain.text(), RecordType::srv);
        if (answer == nullptr || answer->dns->status != DnsStatus::found) continue;
        std::vector<SrvRecord> records = answer->dns->srv;
        std::ranges::sort(records, [](const SrvRecord& a, const SrvRecord& b) {
            return std::tie(a.priority, b.weight, a.target) < std::tie(b.priority, a.weight, b.target);
        });
        std::size_t taken = 0;
        for (const SrvRecord& record : records) {
            const auto host = HostName::from(record.target);
            const auto port = Port::from(record.port);
            if (!host || !port || taken == max_targets) continue;
            servers.push_back({.protocol = service.protocol,
                               .host = *host,
                               .port = *port,
                               .security = service.security,
                               .source = "srv"});
            ++taken;
        }
    }
    return servers;
}

std::vector<HostName> mx_hosts(const HostName& domain, const std::vector<Observation>& seen,
                               std::size_t limit) {
    std::vector<HostName> hosts;
    const Observation* answer = dns_answer(seen, domain.text(), RecordType::mx);
    if (answer == nullptr) return hosts;
    if (answer->dns->status == DnsStatus::no_data ||
        (answer->dns->status == DnsStatus::found && answer->dns->mx.empty())) {
        hosts.push_back(domain);  // no MX: the address of the domain itself (RFC 5321 section 5.1)
        return hosts;
    }
    for (const MxRecord& record : answer->dns->mx) {
        const auto host = HostName::from(record.exchange);
        if (host && !host->is_literal() && !names::means_this_computer(*host) && hosts.size() < limit &&
            std::ranges::find(hosts, *host) == hosts.end())
            hosts.push_back(*host);
    }
    return hosts;
}

std::vector<IpAddress> addresses_of(const HostName& host, const std::vector<Observation>& seen) {
    std::vector<IpAddress> all;
    for (const RecordType type : {RecordType::aaaa, RecordType::a}) {
        if (const Observation* answer = dns_answer(seen, host.text(), type))
            all.insert(all.end(), answer->dns->addresses.begin(), answer->dns->addresses.end());
    }
    return all;
}

bool addresses_known(const HostName& host, const std::vector<Observation>& seen) {
    return dns_answer(seen, host.text(), RecordType::a) != nullptr &&
           dns_answer(seen, host.text(), RecordType::aaaa) != nullptr;
}

std::vector<Visit> usual_visits(const HostName& host, bool incoming, bool outgoing,
                                const std::string& source) {
    std::vector<Visit> visits;
    const auto add = [&](int number) {
        const Port port = *Port::from(number);
        const PortCustom custom = *custom_of(port);
        visits.push_back({.host = host,
                          .port = port,
                          .protocol = custom.protocol,
                          .start = custom.security,
                          .role = role_of(custom.protocol),
                          .source = source});
    };
    if (incoming) {
        for (const int port : {993, 995, 143, 110})
            add(port);
    }
    if (outgoing) {
        for (const int port : {465, 587, 25, 26, 2525})
            add(port);
    }
    return visits;
}

}  // namespace maildoctor::plan
