#include "core/dns/resolver.h"

#include <algorithm>
#include <utility>

#include "core/async/event.h"
#include "core/async/when_all.h"
#include "core/dns/questions.h"

namespace maildoctor::dns {
namespace {

std::string lower(std::string name) {
    for (char& c : name) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    if (!name.empty() && name.back() == '.' && !name.ends_with("\\.")) name.pop_back();
    return name;
}

DnsStatus status_of(const Reply& reply) {
    return reply.malformed && reply.why == NoAnswer::silent ? DnsStatus::malformed : DnsStatus::no_answer;
}

/// What the status alone says; the investigation may find something better.
std::string plain_detail(const DnsFacts& facts) {
    switch (facts.status) {
        case DnsStatus::found:
            return {};
        case DnsStatus::no_such_name:
            return "nxdomain";
        case DnsStatus::no_data:
            return facts.type == RecordType::a || facts.type == RecordType::aaaa ? "no-address" : "no-data";
        case DnsStatus::server_failure:
            return "servfail";
        case DnsStatus::refused:
            return "refused";
        case DnsStatus::bogus:
            return "bogus";
        case DnsStatus::no_answer:
            return "no-answer";
        case DnsStatus::alias_loop:
            return "cname-loop";
        case DnsStatus::malformed:
            return "malformed";
    }
    return {};
}

/// Which failure says most about a host: lower is more telling.
int rank(DnsStatus status) {
    switch (status) {
        case DnsStatus::bogus:
            return 0;
        case DnsStatus::alias_loop:
            return 1;
        case DnsStatus::server_failure:
            return 2;
        case DnsStatus::no_answer:
            return 3;
        case DnsStatus::refused:
            return 4;
        case DnsStatus::malformed:
            return 5;
        case DnsStatus::no_such_name:
            return 6;
        case DnsStatus::no_data:
            return 7;
        case DnsStatus::found:
            break;
    }
    return 8;
}

}  // namespace

Config system_config() {
    return {.servers = platform::resolver_config().servers, .hosts = platform::hosts_file()};
}

const DnsFacts& HostAddresses::telling() const noexcept {
    return rank(v6.status) < rank(v4.status) ? v6 : v4;
}

class Resolver::Engine {
public:
    explicit Engine(Config config)
        : config_(std::move(config)),
          questions_(std::make_shared<Questions>(
              config_.servers, Patience{.try_limit = config_.try_limit, .tries = config_.tries})) {}

    static Task<DnsFacts> lookup(std::shared_ptr<Engine> self, std::string name, RecordType type,
                                 Deadline deadline, Validation validation);
    static Task<HostAddresses> addresses(std::shared_ptr<Engine> self, HostName host, Deadline deadline,
                                         Validation validation);

    const Config& config() const noexcept { return config_; }
    Traffic traffic() const noexcept {
        return {.datagrams = questions_->exchange().datagrams(),
                .connections = questions_->exchange().connections(),
                .lookups = lookups_};
    }

private:
    static Task<DnsFacts> follow(std::shared_ptr<Engine> self, Question question, QueryOptions options,
                                 Deadline deadline);
    static Task<void> into(Task<DnsFacts> task, DnsFacts* out) { *out = co_await std::move(task); }
    std::optional<HostAddresses> without_dns(const HostName& host) const;

    Config config_;
    std::shared_ptr<Questions> questions_;
    std::uint64_t lookups_{0};
};

/// Asks, and asks on where the answer ends at an alias (a server that does not look further).
Task<DnsFacts> Resolver::Engine::follow(std::shared_ptr<Engine> self, Question question, QueryOptions options,
                                        Deadline deadline) {
    DnsFacts facts{.name = question.name, .type = question.type};
    while (true) {
        const Question current = question;
        const Reply reply = co_await self->questions_->ask(current, options, deadline);
        if (reply.server) facts.server = reply.server->text();
        if (!reply.answer) {
            facts.status = status_of(reply);
            facts.detail = reply.why == NoAnswer::cancelled     ? "cancelled"
                           : reply.why == NoAnswer::out_of_time ? "out-of-time"
                                                                : "";
            if (reply.why == NoAnswer::unreachable) facts.detail = "resolver-unreachable";
            co_return facts;
        }
        DnsFacts part = reply.answer->facts;
        part.name = facts.name;
        part.server = facts.server;
        const bool first = facts.aliases.empty();
        if (!first) {
            part.ttl = std::min(part.ttl, facts.ttl);
            const bool again = std::ranges::any_of(part.aliases, [&](const std::string& alias) {
                return alias == facts.name || std::ranges::find(facts.aliases, alias) != facts.aliases.end();
            });
            part.aliases.insert(part.aliases.begin(), facts.aliases.begin(), facts.aliases.end());
            if (again || part.aliases.size() > max_aliases) part.status = DnsStatus::alias_loop;
        }
        facts = std::move(part);
        if (reply.answer->complete || facts.status == DnsStatus::alias_loop) co_return facts;
        question.name = reply.answer->end_name;
    }
}

Task<DnsFacts> Resolver::Engine::lookup(std::shared_ptr<Engine> self, std::string name, RecordType type,
                                        Deadline deadline, Validation) {
    ++self->lookups_;
    Question question{.name = lower(std::move(name)), .type = type};
    if (!make_query(question, QueryOptions{})) {
        DnsFacts facts{.name = std::move(question.name), .type = type, .status = DnsStatus::malformed};
        facts.detail = "bad-name";
        co_return facts;
    }
    const Clock::time_point began = Clock::now();
    DnsFacts facts = co_await follow(self, std::move(question), QueryOptions{}, deadline);
    if (facts.detail.empty()) facts.detail = plain_detail(facts);
    if (self->config_.investigate && facts.detail == "no-answer") {
        if (!co_await self->questions_->somebody_answers(began, deadline))
            facts.detail = "resolver-unreachable";
    }
    co_return facts;
}

/// A literal, or what the hosts file says. A name that stands in it with one family only has no other address
/// for the programs of this computer: DNS is not asked for the rest.
std::optional<HostAddresses> Resolver::Engine::without_dns(const HostName& host) const {
    std::vector<IpAddress> found;
    const auto literal = host.literal();
    if (literal) {
        found.push_back(*literal);
    } else {
        found = config_.hosts.addresses_of(host.text());
    }
    if (found.empty()) return std::nullopt;
    HostAddresses out;
    const auto fill = [&](DnsFacts& facts, RecordType type, bool v4) {
        facts.name = host.text();
        facts.type = type;
        facts.from_hosts_file = !literal;
        std::ranges::copy_if(found, std::back_inserter(facts.addresses),
                             [&](const IpAddress& a) { return a.is_v4() == v4; });
        facts.status = facts.addresses.empty() ? DnsStatus::no_data : DnsStatus::found;
        facts.detail = plain_detail(facts);
    };
    fill(out.v4, RecordType::a, true);
    fill(out.v6, RecordType::aaaa, false);
    return out;
}

Task<HostAddresses> Resolver::Engine::addresses(std::shared_ptr<Engine> self, HostName host,
                                                Deadline deadline, Validation validation) {
    HostAddresses out;
    if (auto known = self->without_dns(host)) {
        out = std::move(*known);
    } else {
        async::Group group(co_await asio::this_coro::executor);
        group.start(into(lookup(self, host.text(), RecordType::aaaa, deadline, validation), &out.v6));
        group.start(into(lookup(self, host.text(), RecordType::a, deadline, validation), &out.v4));
        co_await group.wait();
    }
    out.addresses = out.v6.addresses;
    out.addresses.insert(out.addresses.end(), out.v4.addresses.begin(), out.v4.addresses.end());
    co_return out;
}

Resolver::Resolver(Config config) : engine_(std::make_shared<Engine>(std::move(config))) {}
Resolver::~Resolver() = default;

Task<DnsFacts> Resolver::lookup(std::string name, RecordType type, Deadline deadline, Validation validation) {
    return Engine::lookup(engine_, std::move(name), type, deadline, validation);
}

Task<HostAddresses> Resolver::addresses(HostName host, Deadline deadline, Validation validation) {
    return Engine::addresses(engine_, std::move(host), deadline, validation);
}

const Config& Resolver::config() const noexcept {
    return engine_->config();
}

Traffic Resolver::traffic() const noexcept {
    return engine_->traffic();
}

}  // namespace maildoctor::dns
