#include "core/plan/planner.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "core/model/dialog.h"
#include "core/plan/candidates.h"
#include "core/plan/relay_target.h"

namespace maildoctor::plan {
namespace {

std::string key_of(const Visit& v) {
    return v.host.text() + ":" + std::to_string(v.port.number()) +
           (v.connect_only             ? "?"
            : v.start == Security::tls ? "!"
                                       : "+") +
           std::string(word(v.protocol)) + (v.only ? "@" + v.only->text() : "");
}

std::string place_of(const Visit& v, const IpAddress& address) {
    return address.text() + ":" + std::to_string(v.port.number()) + (v.start == Security::tls ? "!" : "+") +
           std::string(word(v.protocol));
}

/// Whether the dialog at this setting's host and port turned out well for somebody with these settings.
bool typed_works(const ServerSetting& typed, const std::vector<Observation>& seen) {
    return std::ranges::any_of(seen, [&](const Observation& o) {
        if (!is_dialog(o) || o.subject.host != typed.host.text() || o.subject.port != typed.port ||
            o.subject.protocol != typed.protocol)
            return false;
        if ((o.subject.security == Security::tls) != (typed.security == Security::tls)) return false;
        return typed.security == Security::none ? plain_login_offered(o) : usable_securely(o);
    });
}

/// Whether the question how the typed setting does has been answered (by a name that does not exist as well).
bool typed_settled(const ServerSetting& typed, const std::vector<Observation>& seen) {
    if (addresses_known(typed.host, seen) && addresses_of(typed.host, seen).empty()) return true;
    return std::ranges::any_of(seen, [&](const Observation& o) {
        return is_dialog(o) && o.subject.host == typed.host.text() && o.subject.port == typed.port &&
               (o.subject.security == Security::tls) == (typed.security == Security::tls);
    });
}

}  // namespace

bool role_served(Role role, const std::vector<Observation>& seen) {
    return std::ranges::any_of(seen, [&](const Observation& o) {
        return is_dialog(o) && o.subject.role == role && usable_securely(o);
    });
}

Planner::Planner(Request request, Knowledge knowledge)
    : request_(std::move(request)), knowledge_(std::move(knowledge)) {}

void Planner::add(std::vector<Step>& out, Lookup lookup) {
    const std::string key =
        lookup.name + "/" + (lookup.addresses ? "host" : std::to_string(static_cast<int>(lookup.type)));
    if (given_.insert(key).second) out.emplace_back(std::move(lookup));
}

void Planner::add(std::vector<Step>& out, Visit visit) {
    if (given_.insert(key_of(visit)).second) out.emplace_back(std::move(visit));
}

bool Planner::is_given(const Visit& visit) const {
    return given_.contains(key_of(visit));
}

bool Planner::same_server_visited(const Visit& visit, const std::vector<Observation>& seen) const {
    const auto addresses = addresses_of(visit.host, seen);
    return !addresses.empty() && std::ranges::all_of(addresses, [&](const IpAddress& a) {
        return places_.contains(place_of(visit, a));
    });
}

void Planner::add_if_reachable(std::vector<Step>& out, Visit visit, const std::vector<Observation>& seen) {
    const auto addresses = addresses_of(visit.host, seen);
    if (!addresses_known(visit.host, seen) || addresses.empty()) return;
    if (is_given(visit)) return;
    if (visit.source != "typed" && visit.source != "srv" && visit.source != "autoconfig" &&
        visit.source != "autodiscover" && visit.source != "other-name" && !visit.connect_only &&
        same_server_visited(visit, seen))
        return;
    for (const IpAddress& address : addresses)
        places_.insert(place_of(visit, address));
    add(out, std::move(visit));
}

bool Planner::wants(Role role, const std::vector<Observation>& seen) const {
    const auto& typed = role == Role::incoming ? request_.incoming : request_.outgoing;
    if (!typed) return !request_.only_typed;
    return typed_settled(*typed, seen) && !typed_works(*typed, seen);
}

void Planner::visit_typed(const ServerSetting& typed, const std::vector<Observation>& seen,
                          std::vector<Step>& out) {
    const Role role = role_of(typed.protocol);
    const Security start = typed.security == Security::tls ? Security::tls : Security::starttls;
    const auto custom = custom_of(typed.port);
    const bool unusual_mode = custom && custom->security != start;
    // In the usual mode of the port as well, so that "it works the other way round" is known at once.
    add_if_reachable(out,
                     {.host = typed.host,
                      .port = typed.port,
                      .protocol = typed.protocol,
                      .start = start,
                      .role = role,
                      .impatient = unusual_mode && start != Security::tls,
                      .source = "typed"},
                     seen);
    if (unusual_mode)
        add_if_reachable(out,
                         {.host = typed.host,
                          .port = typed.port,
                          .protocol = custom->protocol,
                          .start = custom->security,
                          .role = role_of(custom->protocol),
                          .source = "typed"},
                         seen);
    const bool incoming = role == Role::incoming || (!request_.incoming && !request_.only_typed);
    const bool outgoing = role == Role::outgoing || (!request_.outgoing && !request_.only_typed);
    for (Visit& visit : usual_visits(typed.host, incoming, outgoing, "typed")) {
        if (visit.port == typed.port && visit.start == start && visit.protocol != typed.protocol)
            continue;  // one question a port and mode
        add_if_reachable(out, std::move(visit), seen);
    }
}

/// One ordinary dialog first: what is wrong with the connection is told as always.
void Planner::visit_relay_server(const std::vector<Observation>& seen, std::vector<Step>& out) {
    if (!request_.relay.server) return;
    const ServerSetting& server = *request_.relay.server;
    add_if_reachable(out,
                     {.host = server.host,
                      .port = server.port,
                      .protocol = Protocol::smtp,
                      .start = server.security == Security::tls ? Security::tls : Security::starttls,
                      .role = relay_role(server.port),
                      .source = "typed"},
                     seen);
}

void Planner::visit_published(const std::vector<Observation>& seen, std::vector<Step>& out) {
    const auto visit = [&](const ServerSetting& server) {
        add_if_reachable(out,
                         {.host = server.host,
                          .port = server.port,
                          .protocol = server.protocol,
                          .start = server.security == Security::tls ? Security::tls : Security::starttls,
                          .role = role_of(server.protocol),
                          .source = server.source},
                         seen);
    };
    if (request_.email) {
        for (const ServerSetting& server : srv_servers(request_.email->domain, seen)) {
            if (wants(role_of(server.protocol), seen)) visit(server);
        }
    }
    for (const ServerSetting& server : knowledge_.provider_servers) {
        if (wants(role_of(server.protocol), seen)) visit(server);
    }
}

void Planner::visit_usual(const std::vector<Observation>& seen, std::vector<Step>& out, bool idle) {
    if (!request_.email) return;
    // Names are guessed where the domain publishes none for the role; otherwise only when what is published
    // does not work.
    const auto due = [&](Role role) {
        if (!wants(role, seen)) return false;
        if (idle) return !role_served(role, seen);
        const auto published = srv_servers(request_.email->domain, seen);
        const bool known = std::ranges::all_of(srv_services, [&](const SrvService& service) {
            return dns_answer(seen, std::string(service.label) + "." + request_.email->domain.text(),
                              RecordType::srv) != nullptr;
        });
        return known && knowledge_.provider_servers.empty() &&
               std::ranges::none_of(published,
                                    [&](const ServerSetting& s) { return role_of(s.protocol) == role; });
    };
    const bool incoming = due(Role::incoming), outgoing = due(Role::outgoing);
    if (!incoming && !outgoing) return;
    for (const UsualName& usual : usual_names) {
        const auto name = HostName::from(std::string(usual.label) + "." + request_.email->domain.text());
        if (!name) continue;
        for (Visit& visit :
             usual_visits(*name, incoming && usual.incoming, outgoing && usual.outgoing, "guess"))
            add_if_reachable(out, std::move(visit), seen);
    }
}

void Planner::visit_mx(const std::vector<Observation>& seen, std::vector<Step>& out) {
    if (!request_.email) return;
    for (const HostName& host : mx_hosts(request_.email->domain, seen, max_mx_visited)) {
        Visit visit{.host = host,
                    .port = *Port::from(25),
                    .protocol = Protocol::smtp,
                    .start = Security::starttls,
                    .role = Role::mx,
                    .source = "mx"};
        if (addresses_known(host, seen) && !addresses_of(host, seen).empty()) add(out, std::move(visit));
    }
    for (const HostName& host : request_.control_hosts) {
        if (addresses_known(host, seen) && !addresses_of(host, seen).empty())
            add(out, Visit{.host = host,
                           .port = *Port::from(25),
                           .protocol = Protocol::smtp,
                           .start = Security::starttls,
                           .role = Role::mx,
                           .connect_only = true,
                           .source = "control"});
    }
}

/// How the servers that are visited have to be recognised, and how mail to the domain has to be transported.
void Planner::ask_policy(const std::vector<Observation>& seen, std::vector<Step>& out) {
    if (request_.only_typed) return;
    const auto ask_dane = [&](const HostName& host, Port port, Role role) {
        if (host.is_literal() || !addresses_known(host, seen) || addresses_of(host, seen).empty()) return;
        if (given_.insert("dane " + host.text() + ":" + std::to_string(port.number())).second)
            out.emplace_back(DaneQuestion{.host = host, .port = port, .role = role});
    };
    for (const auto* typed : {&request_.incoming, &request_.outgoing}) {
        if (*typed) ask_dane((*typed)->host, (*typed)->port, role_of((*typed)->protocol));
    }
    if (!request_.email) return;
    const HostName& domain = request_.email->domain;
    const std::vector<HostName> exchangers = mx_hosts(domain, seen, max_mx_visited);
    for (const HostName& host : exchangers)
        ask_dane(host, *Port::from(25), Role::mx);
    if (!exchangers.empty() && given_.insert("mta-sts").second)
        out.emplace_back(MtaStsQuestion{.domain = domain});
}

std::vector<Step> Planner::next(const std::vector<Observation>& seen, bool idle) {
    std::vector<Step> out;
    if (!std::exchange(started_, true)) look_up_basics(out);
    look_up_found_names(seen, out);
    for (const auto* typed : {&request_.incoming, &request_.outgoing}) {
        if (*typed) visit_typed(**typed, seen, out);
    }
    visit_relay_server(seen, out);
    visit_published(seen, out);
    visit_usual(seen, out, false);
    visit_mx(seen, out);
    ask_policy(seen, out);
    follow_other_mode(seen, out);
    follow_other_name(seen, out);
    follow_other_addresses(seen, out);
    follow_silent_25(seen, out);
    if (!idle) return out;
    look_up_near_names(seen, out);
    look_up_near_domains(seen, out);
    visit_usual(seen, out, true);
    if (out.empty()) fall_back(seen, out);
    return out;
}

bool Planner::satisfied(const std::vector<Observation>& seen) const {
    const auto fine = [&](const std::optional<ServerSetting>& typed, Role role) {
        if (!typed && request_.only_typed) return true;
        return typed ? typed_works(*typed, seen) : role_served(role, seen);
    };
    return fine(request_.incoming, Role::incoming) && fine(request_.outgoing, Role::outgoing);
}

bool Planner::matters(const Step& step) const {
    const auto* visit = std::get_if<Visit>(&step);
    if (visit == nullptr || visit->role == Role::mx || visit->only || visit->source == "srv") return true;
    const auto typed_here = [&](const std::optional<ServerSetting>& typed) {
        return typed && visit->host == typed->host && visit->port == typed->port &&
               (visit->start == Security::tls) == (typed->security == Security::tls);
    };
    return typed_here(request_.incoming) || typed_here(request_.outgoing);
}

void Planner::publish(const std::vector<ServerSetting>& servers) {
    constexpr std::size_t max_published =
        24;  // a document with hundreds of servers is not followed to its end
    for (const ServerSetting& server : servers) {
        const bool known = std::ranges::any_of(knowledge_.provider_servers, [&](const ServerSetting& other) {
            return other.host == server.host && other.port == server.port &&
                   other.protocol == server.protocol && other.security == server.security;
        });
        if (!known && knowledge_.provider_servers.size() < max_published)
            knowledge_.provider_servers.push_back(server);
    }
}

std::vector<Step> Planner::silent(const Visit& visit) {
    std::vector<Step> out;
    Visit other = visit;
    other.start = Security::tls;
    if (visit.role != Role::mx) add(out, std::move(other));
    return out;
}

}  // namespace maildoctor::plan
