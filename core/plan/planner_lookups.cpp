// The names that are looked up: of the settings, of what the domain publishes, and of what may have been
// meant.
#include "core/names/typos.h"
#include "core/plan/candidates.h"
#include "core/plan/planner.h"
#include "core/plan/typo.h"

namespace maildoctor::plan {
namespace {

constexpr std::size_t max_srv_hosts = 8;

}  // namespace

void Planner::look_up_basics(std::vector<Step>& out) {
    for (const auto* typed : {&request_.incoming, &request_.outgoing}) {
        if (*typed) add(out, Lookup{.name = (*typed)->host.text(), .addresses = true, .source = "typed"});
    }
    if (request_.relay.server)
        add(out, Lookup{.name = request_.relay.server->host.text(), .addresses = true, .source = "typed"});
    for (const HostName& host : request_.control_hosts)
        add(out, Lookup{.name = host.text(), .addresses = true, .source = "control"});
    for (const ServerSetting& server : knowledge_.provider_servers)
        add(out, Lookup{.name = server.host.text(), .addresses = true, .source = "provider"});
    if (!request_.email) return;
    const HostName& domain = request_.email->domain;
    add(out, Lookup{.name = domain.text(), .type = RecordType::mx, .source = "domain"});
    add(out, Lookup{.name = domain.text(), .addresses = true, .source = "domain"});
    for (const SrvService& service : srv_services)
        add(out, Lookup{.name = std::string(service.label) + "." + domain.text(),
                        .type = RecordType::srv,
                        .source = "srv"});
    for (const UsualName& usual : usual_names) {
        if (const auto name = HostName::from(std::string(usual.label) + "." + domain.text()))
            add(out, Lookup{.name = name->text(), .addresses = true, .source = "guess"});
    }
}

void Planner::look_up_found_names(const std::vector<Observation>& seen, std::vector<Step>& out) {
    for (const ServerSetting& server : knowledge_.provider_servers)
        add(out, Lookup{.name = server.host.text(), .addresses = true, .source = server.source});
    if (!request_.email) return;
    for (const HostName& host : mx_hosts(request_.email->domain, seen, max_mx_visited * 2))
        add(out, Lookup{.name = host.text(), .addresses = true, .source = "mx"});
    std::size_t hosts = 0;
    for (const ServerSetting& server : srv_servers(request_.email->domain, seen)) {
        if (hosts++ < max_srv_hosts)
            add(out, Lookup{.name = server.host.text(), .addresses = true, .source = "srv"});
    }
}

void Planner::look_up_near_names(const std::vector<Observation>& seen, std::vector<Step>& out) {
    for (const auto* typed : {&request_.incoming, &request_.outgoing}) {
        if (!*typed || (*typed)->host.is_literal()) continue;
        const Observation* answer = dns_answer(seen, (*typed)->host.text(), RecordType::a);
        if (answer == nullptr || answer->dns->status != DnsStatus::no_such_name) continue;
        std::vector<HostName> known;
        if (request_.email) {
            for (const ServerSetting& server : srv_servers(request_.email->domain, seen))
                known.push_back(server.host);
            for (const HostName& host : mx_hosts(request_.email->domain, seen, max_mx_visited))
                known.push_back(host);
            for (const UsualName& usual : usual_names) {
                if (const auto name =
                        HostName::from(std::string(usual.label) + "." + request_.email->domain.text()))
                    known.push_back(*name);
            }
        }
        for (const HostName& famous : knowledge_.famous_hosts) {
            if (names::edit_distance(famous.text(), (*typed)->host.text()) <= 2) known.push_back(famous);
        }
        for (const HostName& name : near_names((*typed)->host, known)) {
            if (typo_lookups_ >= max_typo_lookups) return;
            const std::size_t before = out.size();
            add(out, Lookup{.name = name.text(), .addresses = true, .source = "typo"});
            typo_lookups_ += out.size() - before;
        }
    }
}

/// The domain of the address itself is mistyped: gmial.com.
void Planner::look_up_near_domains(const std::vector<Observation>& seen, std::vector<Step>& out) {
    if (!request_.email) return;
    const HostName& domain = request_.email->domain;
    const Observation* answer = dns_answer(seen, domain.text(), RecordType::a);
    if (answer == nullptr || answer->dns->status != DnsStatus::no_such_name) return;
    constexpr std::size_t near = 2, most = 5;
    std::size_t asked = 0;
    for (const HostName& famous : knowledge_.famous_domains) {
        if (asked < most && names::edit_distance(famous.text(), domain.text()) <= near) {
            add(out, Lookup{.name = famous.text(), .addresses = true, .source = "typo"});
            ++asked;
        }
    }
}

}  // namespace maildoctor::plan
