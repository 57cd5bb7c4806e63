#include "core/dns/zone_servers.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "core/async/event.h"
#include "core/async/when_all.h"
#include "core/dns/records.h"

namespace maildoctor::dns {
namespace {

using QuestionsPtr = std::shared_ptr<Questions>;
using platform::NameServer;

constexpr std::size_t max_servers = 13, max_names = 13, max_referrals = 5, first_asked = 2;
constexpr std::chrono::milliseconds server_try{1200};
constexpr std::chrono::milliseconds resolver_limit{1000};  // for what the resolver mostly has in its cache
constexpr QueryOptions without_recursion{.recursion_desired = false};

/// A zone and where its servers are.
struct Zone {
    std::string name;
    std::vector<std::string> server_names{};
    std::vector<IpAddress> addresses{};
};

/// Where an answer without authority points: the name servers of a zone below `above` that holds `name`.
std::optional<Zone> referral_of(const ParsedAnswer& answer, std::string_view above, std::string_view name) {
    if (!answer.packet || answer.authoritative || answer.rcode != 0) return std::nullopt;
    const ldns_rr_list* authority = ldns_pkt_authority(answer.packet.get());
    std::optional<Zone> zone;
    for (std::size_t i = 0; i < ldns_rr_list_rr_count(authority); ++i) {
        const ldns_rr* record = ldns_rr_list_rr(authority, i);
        const ldns_rdf* target = field(record, 0);
        if (ldns_rr_get_type(record) != LDNS_RR_TYPE_NS || target == nullptr) continue;
        std::string owner = name_text(ldns_rr_owner(record));
        const bool deeper = owner.size() > above.size() && is_within(owner, above) && is_within(name, owner);
        if (!deeper || (zone && zone->name != owner)) continue;
        if (!zone) zone = Zone{.name = std::move(owner)};
        if (zone->server_names.size() < max_names) zone->server_names.push_back(name_text(target));
    }
    if (!zone) return std::nullopt;
    const ldns_rr_list* additional = ldns_pkt_additional(answer.packet.get());
    DnsFacts glue;
    for (std::size_t i = 0; i < ldns_rr_list_rr_count(additional); ++i) {
        const ldns_rr* record = ldns_rr_list_rr(additional, i);
        const ldns_rr_type type = ldns_rr_get_type(record);
        if (type != LDNS_RR_TYPE_A && type != LDNS_RR_TYPE_AAAA) continue;
        if (std::ranges::find(zone->server_names, name_text(ldns_rr_owner(record))) !=
            zone->server_names.end())
            read_record(record, glue);
    }
    zone->addresses = std::move(glue.addresses);
    return zone;
}

Task<void> find_addresses(QuestionsPtr questions, std::string name, RecordType type, Deadline deadline,
                          std::shared_ptr<Zone> zone) {
    const Question question{.name = std::move(name), .type = type};
    const Reply reply = co_await questions->ask(question, QueryOptions{}, deadline);
    if (!reply.answer) co_return;
    const auto& found = reply.answer->facts.addresses;
    zone->addresses.insert(zone->addresses.end(), found.begin(), found.end());
}

/// Addresses of the servers that came without glue.
Task<void> complete(QuestionsPtr questions, std::shared_ptr<Zone> zone, Deadline deadline) {
    if (!zone->addresses.empty()) co_return;
    async::Group group(co_await asio::this_coro::executor);
    for (const std::string& name : zone->server_names) {
        group.start(find_addresses(questions, name, RecordType::a, deadline, zone));
        group.start(find_addresses(questions, name, RecordType::aaaa, deadline, zone));
    }
    co_await group.wait();
}

Task<void> ask_for_servers(QuestionsPtr questions, std::string name, Deadline deadline,
                           std::shared_ptr<std::optional<Zone>> deepest) {
    const Question question{.name = name, .type = RecordType::ns};
    const Reply reply = co_await questions->ask(question, QueryOptions{}, deadline);
    if (!reply.answer || reply.answer->facts.status != DnsStatus::found ||
        !reply.answer->facts.aliases.empty())
        co_return;
    if (*deepest && (*deepest)->name.size() >= name.size()) co_return;
    *deepest = Zone{.name = std::move(name), .server_names = reply.answer->facts.names};
}

/// The deepest zone above the name whose servers the resolver still knows.
Task<std::optional<Zone>> known_zone(QuestionsPtr questions, std::string name, Deadline deadline) {
    constexpr std::size_t max_levels = 8;
    std::vector<std::string> levels{""};
    for (std::string_view at = name; !at.empty(); at = parent_of(at))
        levels.emplace_back(at);
    if (levels.size() > max_levels) levels.erase(levels.begin() + 1, levels.end() - (max_levels - 1));
    const auto deepest = std::make_shared<std::optional<Zone>>();
    async::Group group(co_await asio::this_coro::executor);
    for (const std::string& level : levels)
        group.start(ask_for_servers(questions, level, deadline, deepest));
    co_await group.wait();
    co_return *deepest;
}

/// What the servers of one zone said together.
struct Heard {
    bool authority{false};           ///< one answered as it should
    std::optional<Zone> referral{};  ///< one pointed to a zone below
    bool fails{false};               ///< one answers SERVFAIL itself: it knows the zone and cannot serve it
    int tested{0};                   ///< servers that could be asked
};

Task<void> ask_one(QuestionsPtr questions, Question question, NameServer server, std::string zone,
                   Deadline deadline, std::shared_ptr<Heard> heard) {
    constexpr int tries = 2;
    for (int i = 0; i < tries; ++i) {
        const Reply reply =
            co_await questions->ask_server(question, without_recursion, server, deadline.within(server_try));
        if (reply.answer) {
            ++heard->tested;
            const bool usable = reply.answer->rcode == 0 || reply.answer->rcode == LDNS_RCODE_NXDOMAIN;
            if (usable && reply.answer->authoritative) heard->authority = true;
            if (reply.answer->rcode == LDNS_RCODE_SERVFAIL) heard->fails = true;
            if (!heard->referral) heard->referral = referral_of(*reply.answer, zone, question.name);
            co_return;
        }
        if (reply.why == NoAnswer::no_route || reply.why == NoAnswer::cancelled) co_return;
        if (reply.why == NoAnswer::unreachable) break;
        if (heard->authority || heard->referral) co_return;  // settled by another
    }
    ++heard->tested;
}

Task<void> ask_some(QuestionsPtr questions, Question question, std::shared_ptr<Zone> zone, std::size_t from,
                    std::size_t to, std::uint16_t port, Deadline deadline, std::shared_ptr<Heard> heard) {
    async::Group group(co_await asio::this_coro::executor);
    for (std::size_t i = from; i < std::min(to, zone->addresses.size()); ++i) {
        const NameServer server{.address = zone->addresses[i], .port = port};
        group.start(ask_one(questions, question, server, zone->name, deadline, heard));
    }
    co_await group.wait();
}

}  // namespace

Task<ZoneServers> ask_zone_servers(QuestionsPtr questions, Question question, std::uint16_t port,
                                   Deadline deadline) {
    const auto start = co_await known_zone(questions, question.name, deadline.within(resolver_limit));
    if (!start) co_return ZoneServers::unknown;
    auto zone = std::make_shared<Zone>(*start);
    for (std::size_t level = 0; level < max_referrals; ++level) {
        co_await complete(questions, zone, deadline.within(resolver_limit));
        std::ranges::sort(zone->addresses, {}, &IpAddress::is_v6);  // IPv4 first: IPv6 may be missing here
        const auto heard = std::make_shared<Heard>();
        // The resolver's own way up to here works: two servers of that zone will do, unless they have nothing
        // to say.
        const std::size_t first = level == 0 ? first_asked : max_servers;
        co_await ask_some(questions, question, zone, 0, first, port, deadline, heard);
        if (!heard->authority && !heard->referral)
            co_await ask_some(questions, question, zone, first, max_servers, port, deadline, heard);
        if (heard->authority) co_return ZoneServers::answering;
        if (heard->referral) {
            zone = std::make_shared<Zone>(*heard->referral);
            continue;
        }
        const bool nothing_to_ask =
            zone->addresses.empty() && level > 0;  // servers whose own names do not resolve
        if (co_await async::cancelled()) co_return ZoneServers::unknown;
        if (heard->fails) co_return ZoneServers::answering;
        co_return heard->tested > 0 || nothing_to_ask ? ZoneServers::lame : ZoneServers::unknown;
    }
    co_return ZoneServers::unknown;
}

}  // namespace maildoctor::dns
