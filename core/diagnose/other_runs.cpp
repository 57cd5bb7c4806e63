#include "core/diagnose/other_runs.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/diagnose/evidence.h"
#include "core/model/dialog.h"

namespace maildoctor::diagnose {
namespace {

constexpr std::int64_t week = std::int64_t{7} * 86400;  // seconds: what lies behind may have been repaired
constexpr std::int64_t clocks_differ = 3600;            // two computers need not agree to the second
constexpr std::size_t v4_network = 3, v6_network = 8;   // octets: /24 and /64

using Outcome = RelayComparison::Outcome;

std::string run_words(const std::string& where, std::int64_t when) {
    return fmt::format("{} of {}", where, date_of(when));
}

/// Whether two clients' addresses lie in different networks, as far as that can be told. One IPv4 and one
/// IPv6 address may well be of the same computer.
bool in_other_network(const IpAddress& a, const IpAddress& b) {
    if (a.is_v4() != b.is_v4()) return false;
    const std::size_t octets = a.is_v4() ? v4_network : v6_network;
    return a.bytes().substr(0, octets) != b.bytes().substr(0, octets);
}

/// An address inside some network, told by a client of a server that is not: what the server sees is another.
bool hides_the_network(const IpAddress& client, const std::optional<IpAddress>& server) {
    return client.is_loopback() || client.is_link_local() ||
           (client.is_private() && !(server && server->is_private()));
}

/// Why another test cannot be held beside this one; empty when it can.
std::string why_not(const Observation& seen, const RelaySeen& other, std::int64_t now) {
    const auto mine = IpAddress::from(seen.relay->client), theirs = IpAddress::from(other.client);
    if (!mine || !theirs) return "the address that one of the two tests came from is not known";
    if (hides_the_network(*mine, seen.subject.address) || hides_the_network(*theirs, seen.subject.address))
        return "one of the two tests came from behind a router, so that its network is not known";
    if (!in_other_network(*mine, *theirs)) return "both tests may come from the same network";
    if (!other.network.empty()) return "the other test came from the server's own network";
    if (now - other.when > week || other.when - now > clocks_differ)
        return "the other test is more than a week away from this one";
    return {};
}

bool accepts(RelayGrade grade) {
    return grade == RelayGrade::accepts || grade == RelayGrade::accepts_data;
}

bool refuses(RelayGrade grade) {
    return grade == RelayGrade::refused || grade == RelayGrade::asks_for_login;
}

bool same_server(const Observation& seen, const RelaySeen& other) {
    const bool address = seen.subject.address && seen.subject.address->text() == other.address;
    return seen.subject.port && seen.subject.port->number() == other.port &&
           (address || seen.subject.host == other.host);
}

std::string grade_words(const RelaySeen& other) {
    if (other.grade == RelayGrade::accepts_data) return "accepted recipients elsewhere and DATA";
    if (accepts(other.grade)) return "accepted recipients elsewhere";
    return other.grade == RelayGrade::refused ? "was refused" : "was asked for a login";
}

RelayComparison compared(const Observation& seen, const RelaySeen& other, std::int64_t now) {
    RelayComparison result{.evidence = fmt::format("{}, from {}: {}", run_words(other.where, other.when),
                                                   other.client.empty() ? "an unknown address" : other.client,
                                                   grade_words(other))};
    result.because = why_not(seen, other, now);
    if (!result.because.empty()) return result;
    const bool open = accepts(seen.relay->grade);
    if (open && refuses(other.grade)) {
        result.outcome = Outcome::refused;
    } else if (refuses(seen.relay->grade) && accepts(other.grade)) {
        result.outcome = Outcome::trusted;
    } else if (seen.relay->grade == RelayGrade::accepts_data && other.grade == RelayGrade::accepts_data) {
        result.outcome = Outcome::confirms;
    } else if (open && accepts(other.grade)) {
        result.because = "DATA was not accepted in both tests";
    }
    return result;
}

}  // namespace

std::vector<Draft> judge_vanished_starttls(const Case& seen) {
    std::vector<Draft> drafts;
    if (seen.request.for_someone_else) return drafts;  // this network is not theirs
    for (const Observation& now : seen.observations) {
        if (!is_dialog(now) || !now.mail || !now.subject.port || now.subject.security == Security::tls)
            continue;
        if (!now.mail->capabilities_known || now.mail->starttls_offered || now.mail->starttls_accepted)
            continue;
        const auto before = std::ranges::find_if(seen.others.starttls, [&](const StarttlsSeen& other) {
            return now.subject.host == other.host && now.subject.port->number() == other.port &&
                   now.subject.protocol == other.protocol;
        });
        if (before == seen.others.starttls.end()) continue;
        Draft draft = draft_about(Cause::net_intercepted, now, "starttls-vanished");
        draft.severity = Severity::warning;
        draft.confidence = Confidence::possible;
        draft.variant = "stripped-since";
        draft.evidence.push_back({.kind = "reply", .text = place(now.subject) + " offers no STARTTLS"});
        draft.evidence.push_back(
            {.kind = "reply",
             .text = run_words(before->where, before->when) + " saw it offered at the same port"});
        drafts.push_back(std::move(draft));
    }
    return drafts;
}

RelayComparison compare_relay(const Observation& seen, const OtherRuns& others, std::int64_t now) {
    RelayComparison best;
    if (!seen.relay) return best;
    for (const RelaySeen& other : others.relays) {
        if (!same_server(seen, other) || (!accepts(other.grade) && !refuses(other.grade))) continue;
        RelayComparison one = compared(seen, other, now);
        if (one.outcome != Outcome::nothing) return one;  // the latest that settles it
        if (best.evidence.empty()) best = std::move(one);
    }
    return best;
}

}  // namespace maildoctor::diagnose
