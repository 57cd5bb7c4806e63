#include "core/diagnose/ranking.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <tuple>

namespace maildoctor::diagnose {
namespace {

bool about_a_name(Cause cause) {
    return cause_id(cause).starts_with("dns.");
}

/// The last two labels: names below share their zone's faults nearly always.
std::string_view zone_of(std::string_view name) {
    const std::size_t last = name.rfind('.');
    if (last == std::string_view::npos || last == 0) return name;
    const std::size_t before = name.rfind('.', last - 1);
    return before == std::string_view::npos ? name : name.substr(before + 1);
}

/// Faults of a whole zone: every name in it has them.
bool of_a_zone(const Draft& draft) {
    return draft.cause == Cause::dns_dnssec_bogus ||
           (draft.cause == Cause::dns_lookup_failed && draft.detail != "cname-loop");
}

bool of_a_certificate(Cause cause) {
    return cause_id(cause).starts_with("tls.") && cause != Cause::tls_wrong_mode &&
           cause != Cause::tls_not_offered && cause != Cause::tls_required;
}

bool same_trouble(const Draft& a, const Draft& b) {
    if (a.cause != b.cause) return false;
    const std::string host_a = a.subject.host.value_or(""), host_b = b.subject.host.value_or("");
    if (of_a_zone(a) && of_a_zone(b)) return zone_of(host_a) == zone_of(host_b);
    if (host_a != host_b) return false;
    if (about_a_name(a.cause)) return a.detail == b.detail;
    if (a.subject.address != b.subject.address &&
        (a.severity != Severity::error || b.severity != Severity::error))
        return false;
    if (of_a_certificate(a.cause)) return true;
    const bool whole_host =
        (a.cause == Cause::net_timeout || a.cause == Cause::net_unreachable) && !a.one_port && !b.one_port;
    return whole_host || (a.subject.port == b.subject.port && a.subject.protocol == b.subject.protocol);
}

template <class T>
void append_new(std::vector<T>& to, std::vector<T> from, auto same) {
    for (T& item : from) {
        if (std::ranges::none_of(to, [&](const T& known) { return same(known, item); }))
            to.push_back(std::move(item));
    }
}

int layer(Cause cause) {
    static constexpr std::array<std::string_view, 9> order = {
        "dns.", "net.", "tls.", "auth.", "mailbox.", "smtp.", "client.", "settings.", "policy."};
    const auto found = std::ranges::find_if(
        order, [&](std::string_view prefix) { return cause_id(cause).starts_with(prefix); });
    return static_cast<int>(found - order.begin());
}

/// Among faults of one layer: what hides the others, or is the plainer explanation, comes first.
int within_layer(Cause cause) {
    switch (cause) {
        case Cause::tls_wrong_mode:
            return 0;
        case Cause::tls_not_offered:
        case Cause::tls_required:
            return 1;
        case Cause::tls_protocol_mismatch:
        case Cause::tls_handshake_failed:
            return 2;
        case Cause::tls_revoked:
            return 3;
        case Cause::tls_certificate_expired:
        case Cause::tls_certificate_not_yet_valid:
            return 4;
        case Cause::tls_self_signed:
            return 5;
        case Cause::tls_incomplete_chain:
        case Cause::tls_untrusted_issuer:
            return 6;
        case Cause::tls_name_mismatch:
            return 7;
        case Cause::tls_weak:
            return 8;
        default:
            return 5;
    }
}

int role_rank(const Draft& draft) {
    if (!draft.subject.role) return 0;
    switch (*draft.subject.role) {
        case Role::incoming:
            return 1;
        case Role::outgoing:
            return 2;
        case Role::mx:
            return 3;
    }
    return 4;
}

bool named_by(const Draft& draft, const std::optional<Clues>& clues) {
    return clues && std::ranges::any_of(clues->causes, [&](const CauseCandidate& c) {
               return c.cause == draft.cause && c.confidence != Confidence::possible;
           });
}

}  // namespace

std::vector<Draft> merge(std::vector<Draft> drafts) {
    std::vector<Draft> merged;
    for (Draft& draft : drafts) {
        const auto known =
            std::ranges::find_if(merged, [&](const Draft& other) { return same_trouble(other, draft); });
        if (known == merged.end()) {
            merged.push_back(std::move(draft));
            continue;
        }
        append_new(known->evidence, std::move(draft.evidence),
                   [](const Evidence& a, const Evidence& b) { return a.text == b.text; });
        append_new(known->observations, std::move(draft.observations),
                   [](ObservationId a, ObservationId b) { return a == b; });
        known->severity = std::min(known->severity, draft.severity);
        known->confidence = std::min(known->confidence, draft.confidence);
        for (auto& [key, value] : draft.values)
            known->values.try_emplace(key, std::move(value));
        // The user's own server stays the subject where the same name is an exchanger, too.
        if (role_rank(draft) < role_rank(*known)) known->subject = draft.subject;
    }
    return merged;
}

void rank(std::vector<Draft>& drafts, const std::optional<Clues>& clues) {
    const auto key = [&](const Draft& d) {
        const bool mx = d.subject.role == Role::mx;
        return std::tuple(d.severity, named_by(d, clues) ? 0 : 1, mx ? 1 : 0, layer(d.cause), role_rank(d),
                          within_layer(d.cause), d.confidence, d.subject.host.value_or(""),
                          d.subject.port ? d.subject.port->number() : 0);
    };
    std::ranges::sort(drafts, {}, key);
}

}  // namespace maildoctor::diagnose
