// What an answer makes worth asking next.
#include <algorithm>

#include "core/model/dialog.h"
#include "core/names/typos.h"
#include "core/plan/candidates.h"
#include "core/plan/planner.h"

namespace maildoctor::plan {

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
            if (!is_given(whole)) add(out, std::move(visit));
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

}  // namespace maildoctor::plan
