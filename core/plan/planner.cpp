#include "core/plan/planner.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "core/model/dialog.h"
#include "core/names/typos.h"
#include "core/plan/candidates.h"
#include "core/plan/typo.h"

namespace maildoctor::plan {
namespace {

constexpr std::size_t max_mx_visited = 4, max_srv_hosts = 8;

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

bool Planner::same_server_visited(const Visit& visit, const std::vector<Observation>& seen) const {
    const auto addresses = addresses_of(visit.host, seen);
    return !addresses.empty() && std::ranges::all_of(addresses, [&](const IpAddress& a) {
        return places_.contains(place_of(visit, a));
    });
}

void Planner::add_if_reachable(std::vector<Step>& out, Visit visit, const std::vector<Observation>& seen) {
    const auto addresses = addresses_of(visit.host, seen);
    if (!addresses_known(visit.host, seen) || addresses.empty()) return;
    if (given_.contains(key_of(visit))) return;
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

void Planner::look_up_basics(std::vector<Step>& out) {
    for (const auto* typed : {&request_.incoming, &request_.outgoing}) {
        if (*typed) add(out, Lookup{.name = (*typed)->host.text(), .addresses = true, .source = "typed"});
    }
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

void Planner::follow_other_mode(const std::vector<Observation>& seen, std::vector<Step>& out) {
    for (const Observation& o : seen) {
        if (!is_dialog(o) || !o.failure || !connected(o) || o.subject.role == Role::mx ||
            o.source == address_source)
            continue;
        const bool was_tls = o.subject.security == Security::tls;
        const bool tls_broke = was_tls && !encrypted(o);
        const bool plain_broke =
            !was_tls && !greeted(o) && (!o.mail || o.mail->greeting.empty() || tls_where_plain_was_asked(o));
        if (!tls_broke && !plain_broke) continue;
        const auto host = HostName::from(*o.subject.host);
        if (!host) continue;
        add(out, Visit{.host = *host,
                       .port = *o.subject.port,
                       .protocol = *o.subject.protocol,
                       .start = was_tls ? Security::starttls : Security::tls,
                       .role = *o.subject.role,
                       .impatient = was_tls,
                       .source = o.source});
    }
}

/// The certificate is for another name of the same server: try the names of the certificate that belong to
/// the account.
void Planner::follow_other_name(const std::vector<Observation>& seen, std::vector<Step>& out) {
    for (const Observation& o : seen) {
        if (!is_dialog(o) || !o.tls || o.subject.role == Role::mx || o.source == "other-name") continue;
        if (std::ranges::find(o.tls->faults, ChainFault::name_mismatch) == o.tls->faults.end() ||
            o.tls->chain.empty())
            continue;
        const auto try_name = [&](const HostName& name) {
            add_if_reachable(
                out,
                {.host = name,
                 .port = *o.subject.port,
                 .protocol = *o.subject.protocol,
                 .start = *o.subject.security == Security::tls ? Security::tls : Security::starttls,
                 .role = *o.subject.role,
                 .source = "other-name"},
                seen);
        };
        std::size_t tried = 0;
        for (const std::string& text : o.tls->chain.front().dns_names) {
            const auto name = HostName::from(text);
            if (!name || name->is_literal() || tried++ == 3) continue;
            add(out, Lookup{.name = name->text(), .addresses = true, .source = "certificate"});
            const auto theirs = addresses_of(*name, seen);
            const auto ours = addresses_of(*HostName::from(*o.subject.host), seen);
            const bool same = std::ranges::any_of(
                theirs, [&](const IpAddress& a) { return std::ranges::find(ours, a) != ours.end(); });
            if (same) try_name(*name);
        }
        // The usual names that lead to the same server may be in the certificate without saying so
        // (wildcards).
        if (!request_.email) continue;
        for (const UsualName& usual : usual_names) {
            const auto name = HostName::from(std::string(usual.label) + "." + request_.email->domain.text());
            const bool fits = *o.subject.role == Role::incoming ? usual.incoming : usual.outgoing;
            if (name && fits && name->text() != *o.subject.host) try_name(*name);
        }
    }
}

/// The typed server has several machines: each is asked by itself, for they may differ (one with an old
/// certificate).
void Planner::follow_other_addresses(const std::vector<Observation>& seen, std::vector<Step>& out) {
    constexpr std::size_t most = 3;
    for (const Observation& o : seen) {
        const auto typed_here = [&](const std::optional<ServerSetting>& typed) {
            return typed && o.subject.host == typed->host.text() && o.subject.port == typed->port &&
                   (o.subject.security == Security::tls) == (typed->security == Security::tls);
        };
        if (!is_dialog(o) || o.source == address_source ||
            (!typed_here(request_.incoming) && !typed_here(request_.outgoing)))
            continue;
        std::size_t asked = 0;
        for (const ConnectAttempt& attempt : o.connects) {
            if (attempt.failure || attempt.used || asked++ == most) continue;
            add(out, Visit{.host = *HostName::from(*o.subject.host),
                           .port = *o.subject.port,
                           .protocol = *o.subject.protocol,
                           .start = *o.subject.security,
                           .role = *o.subject.role,
                           .only = attempt.address,
                           .source = std::string(address_source)});
        }
    }
}

/// Port 25 is silent: whether other ports of the same host answer tells a blocked port from a dead host.
void Planner::follow_silent_25(const std::vector<Observation>& seen, std::vector<Step>& out) {
    for (const Observation& o : seen) {
        if ((!is_dialog(o) && !is_connect(o)) || o.subject.port != Port::from(25) || !silent_port(o))
            continue;
        const auto host = HostName::from(*o.subject.host);
        for (const int port : {587, 465, 993, 143}) {
            Visit visit{.host = *host,
                        .port = *Port::from(port),
                        .protocol = custom_of(*Port::from(port))->protocol,
                        .start = custom_of(*Port::from(port))->security,
                        .role = Role::mx,
                        .connect_only = true,
                        .source = o.source};
            Visit whole = visit;
            whole.connect_only = false;
            if (!given_.contains(key_of(whole))) add(out, std::move(visit));
        }
    }
}

void Planner::fall_back(const std::vector<Observation>& seen, std::vector<Step>& out) {
    if (!request_.email) return;
    const bool incoming = wants(Role::incoming, seen) && !role_served(Role::incoming, seen);
    const bool outgoing = wants(Role::outgoing, seen) && !role_served(Role::outgoing, seen);
    if (!incoming && !outgoing) return;
    for (const HostName& host : mx_hosts(request_.email->domain, seen, 1)) {
        for (Visit& visit : usual_visits(host, incoming, outgoing, "mx-host"))
            add_if_reachable(out, std::move(visit), seen);
    }
    for (Visit& visit : usual_visits(request_.email->domain, incoming, outgoing, "domain"))
        add_if_reachable(out, std::move(visit), seen);
    // The name that a mistyped one was probably meant to be.
    for (const auto* typed : {&request_.incoming, &request_.outgoing}) {
        if (!*typed) continue;
        const Observation* answer = dns_answer(seen, (*typed)->host.text(), RecordType::a);
        if (answer == nullptr || answer->dns->status != DnsStatus::no_such_name) continue;
        const Observation* nearest = nullptr;
        for (const Observation& o : seen) {
            if (!o.dns || o.dns->addresses.empty() || o.source == "domain") continue;
            const std::size_t distance = names::edit_distance((*typed)->host.text(), o.dns->name);
            if (distance <= 3 && (nearest == nullptr ||
                                  distance < names::edit_distance((*typed)->host.text(), nearest->dns->name)))
                nearest = &o;
        }
        if (nearest == nullptr) continue;
        const auto host = HostName::from(nearest->dns->name);
        const bool in = role_of((*typed)->protocol) == Role::incoming;
        for (Visit& visit : usual_visits(*host, in, !in, "typo"))
            add_if_reachable(out, std::move(visit), seen);
    }
}

std::vector<Step> Planner::next(const std::vector<Observation>& seen, bool idle) {
    std::vector<Step> out;
    if (!std::exchange(started_, true)) look_up_basics(out);
    look_up_found_names(seen, out);
    for (const auto* typed : {&request_.incoming, &request_.outgoing}) {
        if (*typed) visit_typed(**typed, seen, out);
    }
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
