#include "core/diagnose/hosts.h"

#include <algorithm>

#include "core/diagnose/evidence.h"
#include "core/names/typos.h"

namespace maildoctor::diagnose {
std::optional<Draft> dns_fault(const Observation& seen) {
    if (!seen.dns) return std::nullopt;
    Cause cause{};
    switch (seen.dns->status) {
        case DnsStatus::found:
            return std::nullopt;
        case DnsStatus::no_such_name:
        case DnsStatus::no_data:
        case DnsStatus::alias_loop:
            cause = Cause::dns_host_not_found;
            break;
        case DnsStatus::bogus:
            cause = Cause::dns_dnssec_bogus;
            break;
        case DnsStatus::server_failure:
        case DnsStatus::refused:
        case DnsStatus::no_answer:
        case DnsStatus::malformed:
            cause = Cause::dns_lookup_failed;
            break;
    }
    if (seen.dns->status == DnsStatus::alias_loop) cause = Cause::dns_lookup_failed;
    Draft draft = draft_about(cause, seen, "dns-lookup");
    draft.detail = seen.dns->detail;
    if (seen.dns->status == DnsStatus::no_data) draft.detail = "no-address";
    draft.evidence.push_back(dns_evidence(seen));
    if (draft.detail != "nxdomain") draft.variant = draft.detail;
    draft.subject.port.reset();
    return draft;
}

std::optional<Draft> host_fault(const Picture& picture, const std::string& host) {
    const HostPicture pair = picture.host(host);
    if (!pair.asked() || pair.has_address()) return std::nullopt;
    auto draft = dns_fault(*pair.telling());
    if (!draft) return std::nullopt;
    if (draft->cause != Cause::dns_host_not_found || draft->detail != "nxdomain") return draft;
    if (const std::string nearest = nearest_name(picture, host); !nearest.empty()) {
        draft->values["other_server"] = nearest;
        draft->variant = "typo";
        draft->evidence.push_back({.kind = "dns", .text = "a similar name exists: " + nearest});
    }
    return draft;
}

bool resolver_is_dead(const Picture& picture) {
    const auto answered = [](const Observation& o) {
        return o.dns && !o.dns->from_hosts_file && o.dns->rcode >= 0;
    };
    const auto unreachable = [](const Observation& o) {
        return o.dns && o.dns->detail == "resolver-unreachable";
    };
    return std::ranges::any_of(picture.all(), unreachable) && std::ranges::none_of(picture.all(), answered);
}

Draft resolver_fault(const Picture& picture) {
    const Observation* route = picture.probe("net.route");
    const auto dead = std::ranges::find_if(
        picture.all(), [](const Observation& o) { return o.dns && o.dns->detail == "resolver-unreachable"; });
    if (route != nullptr && route->answer == Answer::no) {
        Draft draft = draft_about(Cause::net_unreachable, *route, "offline");
        draft.subject = {};
        draft.detail = "offline";
        draft.variant = "offline";
        draft.actor = Actor::user;
        draft.evidence.push_back(
            {.kind = "route",
             .text = "this computer has no route to its name servers: it is not on a network"});
        return draft;
    }
    Draft draft = draft_about(Cause::dns_lookup_failed, *dead, "resolver-dead");
    draft.subject = {};
    draft.detail = "resolver-unreachable";
    draft.variant = "resolver-unreachable";
    draft.actor = Actor::network;
    draft.evidence.push_back(dns_evidence(*dead));
    return draft;
}

std::string nearest_name(const Picture& picture, const std::string& typed) {
    constexpr std::size_t near = 3;
    std::string best;
    std::size_t best_edits = near + 1;
    for (const Observation& seen : picture.all()) {
        if (!seen.dns || seen.dns->addresses.empty() || seen.dns->name == typed || seen.source == "domain" ||
            seen.source == "control")
            continue;
        const std::size_t distance = names::edit_distance(typed, seen.dns->name, near);
        const std::string_view label(seen.dns->name.data(),
                                     std::min(seen.dns->name.find('.'), seen.dns->name.size()));
        const bool same_first_label = typed.starts_with(std::string(label) + ".");
        const std::size_t rank = same_first_label && distance > 0 ? distance - 1 : distance;
        if (distance <= near && rank < best_edits) {
            best = seen.dns->name;
            best_edits = rank;
        }
    }
    return best;
}

}  // namespace maildoctor::diagnose
