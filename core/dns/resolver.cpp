#include "core/dns/resolver.h"

#include <algorithm>
#include <utility>

#include "core/async/event.h"
#include "core/async/when_all.h"
#include "core/dns/questions.h"
#include "core/dns/validator.h"
#include "core/dns/zone_servers.h"

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
    const bool malformed =
        reply.why == NoAnswer::bad_name || (reply.malformed && reply.why == NoAnswer::silent);
    return malformed ? DnsStatus::malformed : DnsStatus::no_answer;
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

std::string detail_of(NoAnswer why) {
    switch (why) {
        case NoAnswer::silent:
            return {};  // the status tells, or the investigation
        case NoAnswer::unreachable:
        case NoAnswer::no_route:
            return "resolver-unreachable";
        case NoAnswer::bad_name:
            return "bad-name";
        case NoAnswer::cancelled:
            return "cancelled";
        case NoAnswer::out_of_time:
            return "out-of-time";
    }
    return {};
}

/// What a validating resolver says about its SERVFAIL (RFC 8914 section 4), where we could not see for
/// ourselves.
std::string_view bogus_word(std::uint16_t extended_error) {
    switch (extended_error) {
        case 6:
            return "bogus";
        case 7:
            return "signature expired";
        case 8:
            return "signature not yet valid";
        case 9:
            return "DNSKEY missing";
        case 10:
            return "signatures missing";
        case 11:
            return "no zone key";
        case 12:
            return "proof of absence missing";
        default:
            return {};
    }
}

void believe_resolver(DnsFacts& facts) {
    for (const ExtendedError& error : facts.extended_errors) {
        const std::string_view word = bogus_word(error.code);
        if (word.empty()) continue;
        facts.status = DnsStatus::bogus;
        if (facts.dnssec_link.empty())
            facts.dnssec_link = facts.name + ": the resolver says: " + std::string(word);
        return;
    }
}

/// bogus before indeterminate before insecure before secure.
bool is_worse(Dnssec a, Dnssec b) {
    const auto badness = [](Dnssec state) {
        return state == Dnssec::bogus           ? 3
               : state == Dnssec::indeterminate ? 2
               : state == Dnssec::insecure      ? 1
                                                : 0;
    };
    return badness(a) > badness(b);
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

constexpr std::size_t answers_of_one_run = 8000;

}  // namespace

SharedAnswers make_shared_answers(std::size_t capacity) {
    return std::make_shared<AnswerStore>(capacity);
}

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
              config_.servers, Patience{.try_limit = config_.try_limit, .tries = config_.tries},
              config_.answers ? config_.answers : make_shared_answers(answers_of_one_run))),
          validator_(
              std::make_shared<Validator>(questions_, config_.trust_anchors, config_.validation_time)) {}

    using Self = std::shared_ptr<Engine>;
    static Task<DnsFacts> lookup(Self self, std::string name, RecordType type, Deadline deadline,
                                 Validation validation);
    static Task<HostAddresses> addresses(Self self, HostName host, Deadline deadline, Validation validation);

    const Config& config() const noexcept { return config_; }
    Traffic traffic() const noexcept {
        return {.datagrams = questions_->exchange().datagrams(),
                .connections = questions_->exchange().connections(),
                .lookups = lookups_};
    }

private:
    /// A question on the way to the answer (more than one where the server does not follow aliases) and its
    /// reply.
    struct Step {
        Question question;
        Reply reply;
    };
    using Steps = std::shared_ptr<std::vector<Step>>;

    static Task<DnsFacts> follow(Self self, Question question, QueryOptions options, Deadline deadline,
                                 Steps steps);
    static Task<DnsFacts> lookup_validated(Self self, Question question, Deadline deadline);
    static Task<Verdict> judge(Self self, Steps steps, Deadline deadline);
    static Task<DnsFacts> judge_refusal(Self self, DnsFacts facts, Deadline deadline);
    static Task<DnsFacts> investigate(Self self, DnsFacts facts, Clock::time_point began, Deadline deadline);
    static Task<bool> leads_in_circles(Self self, std::shared_ptr<std::vector<std::string>> chain,
                                       Deadline deadline);
    static Task<void> into(Task<DnsFacts> task, DnsFacts* out) { *out = co_await std::move(task); }
    std::optional<HostAddresses> without_dns(const HostName& host) const;

    Config config_;
    std::shared_ptr<Questions> questions_;
    std::shared_ptr<Validator> validator_;
    std::uint64_t lookups_{0};
};

/// Asks, and asks on where the answer ends at an alias (a server that does not look further).
Task<DnsFacts> Resolver::Engine::follow(Self self, Question question, QueryOptions options, Deadline deadline,
                                        Steps steps) {
    DnsFacts facts{.name = question.name, .type = question.type};
    while (true) {
        const Question current = question;
        const Reply reply = co_await self->questions_->ask(current, options, deadline);
        if (steps) steps->push_back({.question = current, .reply = reply});
        if (reply.server) facts.server = reply.server->text();
        if (!reply.answer) {
            facts.status = status_of(reply);
            facts.detail = detail_of(reply.why);
            co_return facts;
        }
        DnsFacts part = reply.answer->facts;
        part.name = facts.name;
        part.server = facts.server;
        if (!facts.aliases.empty()) {
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

Task<DnsFacts> Resolver::Engine::lookup(Self self, std::string name, RecordType type, Deadline deadline,
                                        Validation validation) {
    ++self->lookups_;
    Question question{.name = lower(std::move(name)), .type = type};
    const Clock::time_point began = Clock::now();
    DnsFacts facts;
    if (self->config_.validate && validation == Validation::as_configured) {
        facts = co_await lookup_validated(self, std::move(question), deadline);
    } else {
        const QueryOptions options{.dnssec_ok =
                                       self->config_.validate};  // the same cache entry as with validation
        facts = co_await follow(self, std::move(question), options, deadline, nullptr);
    }
    if (facts.status == DnsStatus::server_failure && facts.dnssec != Dnssec::secure &&
        facts.dnssec != Dnssec::insecure)
        believe_resolver(facts);
    if (facts.detail.empty()) facts.detail = facts.dnssec == Dnssec::bogus ? "bogus" : plain_detail(facts);
    if (!self->config_.investigate) co_return facts;
    if (facts.detail == "servfail" || facts.detail == "no-answer")
        facts = co_await investigate(self, std::move(facts), began, deadline);
    co_return facts;
}

/// The answer and its verdict. The chain of trust is asked for at the same time as the question itself.
Task<DnsFacts> Resolver::Engine::lookup_validated(Self self, Question question, Deadline deadline) {
    async::Group ahead(co_await asio::this_coro::executor);
    ahead.start(self->validator_->prepare(question.name, deadline));
    const auto steps = std::make_shared<std::vector<Step>>();
    DnsFacts facts = co_await follow(self, question, QueryOptions{.dnssec_ok = true}, deadline, steps);
    if (facts.status == DnsStatus::found || facts.status == DnsStatus::no_such_name ||
        facts.status == DnsStatus::no_data) {
        Verdict verdict = co_await judge(self, steps, deadline);
        facts.dnssec = verdict.state;
        if (verdict.state != Dnssec::secure && verdict.state != Dnssec::insecure)
            facts.dnssec_link = std::move(verdict.link);
    } else if (facts.status == DnsStatus::server_failure) {
        facts = co_await judge_refusal(self, std::move(facts), deadline);
    }
    ahead.cancel();
    co_await ahead.wait();
    co_return facts;
}

Task<Verdict> Resolver::Engine::judge(Self self, Steps steps, Deadline deadline) {
    Verdict worst{.state = Dnssec::secure};
    for (const Step& step : *steps) {
        Verdict verdict = co_await self->validator_->judge(step.question, step.reply, deadline);
        if (is_worse(verdict.state, worst.state)) worst = std::move(verdict);
    }
    co_return worst;
}

/// A resolver that validates answers SERVFAIL for what is bogus: with CD=1 it hands it out, and we see for
/// ourselves.
Task<DnsFacts> Resolver::Engine::judge_refusal(Self self, DnsFacts facts, Deadline deadline) {
    const auto steps = std::make_shared<std::vector<Step>>();
    const Question question{.name = facts.name, .type = facts.type};
    const QueryOptions options{.dnssec_ok = true, .checking_disabled = true};
    const DnsFacts unchecked = co_await follow(self, question, options, deadline, steps);
    if (unchecked.status != DnsStatus::found && unchecked.status != DnsStatus::no_such_name &&
        unchecked.status != DnsStatus::no_data)
        co_return facts;
    Verdict verdict = co_await judge(self, steps, deadline);
    facts.dnssec = verdict.state;
    if (verdict.state == Dnssec::secure || verdict.state == Dnssec::insecure) co_return facts;
    facts.dnssec_link = std::move(verdict.link);
    if (verdict.state == Dnssec::bogus) facts.status = DnsStatus::bogus;
    co_return facts;
}

/// Tells apart what SERVFAIL and silence can mean.
Task<DnsFacts> Resolver::Engine::investigate(Self self, DnsFacts facts, Clock::time_point began,
                                             Deadline deadline) {
    constexpr std::chrono::milliseconds longest{4000};
    if (facts.detail == "no-answer" && !co_await self->questions_->somebody_answers(began, deadline)) {
        facts.detail = "resolver-unreachable";
        co_return facts;
    }
    const Deadline limit = deadline.within(longest);
    const auto chain = std::make_shared<std::vector<std::string>>(std::vector<std::string>{facts.name});
    if (facts.status == DnsStatus::server_failure && co_await leads_in_circles(self, chain, limit)) {
        facts.status = DnsStatus::alias_loop;
        facts.detail = "cname-loop";
        facts.aliases.assign(chain->begin() + 1, chain->end());
        co_return facts;
    }
    const Question question{.name = chain->back(), .type = facts.type};
    const ZoneServers servers =
        co_await ask_zone_servers(self->questions_, question, self->config_.zone_server_port, limit);
    if (servers == ZoneServers::lame) facts.detail = "lame";
    co_return facts;
}

/// Asks for the aliases one by one. @param chain the names on the way, the asked one first
Task<bool> Resolver::Engine::leads_in_circles(Self self, std::shared_ptr<std::vector<std::string>> chain,
                                              Deadline deadline) {
    while (chain->size() <= max_aliases + 1) {
        const Question question{.name = chain->back(), .type = RecordType::cname};
        const Reply reply = co_await self->questions_->ask(
            question, QueryOptions{.dnssec_ok = self->config_.validate}, deadline);
        if (!reply.answer || reply.answer->facts.names.empty()) co_return false;
        std::string target = reply.answer->facts.names.front();
        const bool again = std::ranges::find(*chain, target) != chain->end();
        chain->push_back(std::move(target));
        if (again) co_return true;
    }
    co_return true;
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

Task<HostAddresses> Resolver::Engine::addresses(Self self, HostName host, Deadline deadline,
                                                Validation validation) {
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
