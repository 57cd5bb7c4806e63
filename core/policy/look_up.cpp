#include "core/policy/look_up.h"

#include <algorithm>
#include <utility>

#include "core/async/when_all.h"
#include "core/policy/bimi.h"
#include "core/policy/dane.h"
#include "core/policy/mta_sts.h"
#include "core/policy/spf_publisher.h"
#include "core/policy/tls_rpt.h"

namespace maildoctor::policy {
namespace {

constexpr std::size_t max_exchangers = 20, max_addresses = 10, max_names = 10;

Task<DnsFacts> ask_one(std::shared_ptr<dns::Resolver> resolver, std::string name, RecordType type,
                       Deadline deadline) {
    DnsFacts facts = co_await resolver->lookup(name, type, deadline);
    facts.name = name;
    co_return facts;
}

std::vector<IpAddress> addresses_of(const ExchangerFacts& exchanger) {
    std::vector<IpAddress> all = exchanger.v4.addresses;
    all.insert(all.end(), exchanger.v6.addresses.begin(), exchanger.v6.addresses.end());
    if (all.size() > max_addresses) all.erase(all.begin() + max_addresses, all.end());
    return all;
}

Task<ExchangerFacts> look_up_exchanger(Ask ask, std::string host, std::uint16_t preference) {
    ExchangerFacts facts{.host = host, .preference = preference};
    const auto name = HostName::from(host);
    if (!name || name->is_literal()) co_return facts;
    std::vector<Task<DnsFacts>> questions;
    questions.push_back(ask(host, RecordType::a));
    questions.push_back(ask(host, RecordType::aaaa));
    std::vector<DnsFacts> answers = co_await async::when_all(std::move(questions));
    facts.v4 = std::move(answers[0]);
    facts.v6 = std::move(answers[1]);
    std::vector<Task<ReverseName>> reverse;
    for (const IpAddress& address : addresses_of(facts))
        reverse.push_back(look_up_reverse(ask, address));
    facts.addresses = co_await async::when_all(std::move(reverse));
    const Port smtp = *Port::from(25);
    facts.dane = co_await look_up_dane(ask, *name, smtp, true);
    co_return facts;
}

/// What the parts of one look-up fill; they run side by side.
struct Work {
    Ask ask;
    Web web;
    LookUpOptions options;
    Deadline deadline;
    PolicyFacts facts;
};
using WorkPtr = std::shared_ptr<Work>;

Task<void> fill_exchangers(WorkPtr work) {
    PolicyFacts& facts = work->facts;
    facts.mx = co_await work->ask(facts.domain.text(), RecordType::mx);
    facts.dnssec = facts.mx.dnssec;
    facts.null_mx = facts.mx.mx.size() == 1 && facts.mx.mx.front().exchange.empty();
    std::vector<Task<ExchangerFacts>> exchangers;
    for (const MxRecord& record : facts.mx.mx) {
        if (!record.exchange.empty() && exchangers.size() < max_exchangers)
            exchangers.push_back(look_up_exchanger(work->ask, record.exchange, record.preference));
    }
    // Without an MX record the domain itself is its exchanger (RFC 5321 section 5.1).
    if (facts.mx.status == DnsStatus::no_data)
        exchangers.push_back(look_up_exchanger(work->ask, facts.domain.text(), 0));
    facts.exchangers = co_await async::when_all(std::move(exchangers));
    if (facts.mx.status == DnsStatus::no_data && facts.exchangers.front().addresses.empty())
        facts.exchangers.clear();
}

Task<void> fill_spf(WorkPtr work) {
    work->facts.spf = co_await look_up_spf(work->ask, work->facts.domain);
}

Task<void> fill_dkim(WorkPtr work) {
    work->facts.dkim = co_await look_up_dkim(work->ask, work->facts.domain, work->options.selectors);
}

Task<void> fill_dmarc(WorkPtr work) {
    work->facts.dmarc = co_await look_up_dmarc(work->ask, work->facts.domain);
}

Task<void> fill_mta_sts(WorkPtr work) {
    work->facts.mta_sts =
        co_await look_up_mta_sts(work->ask, work->web, work->facts.domain, true, work->deadline);
}

Task<void> fill_tls_rpt(WorkPtr work) {
    const std::string name = "_smtp._tls." + work->facts.domain.text();
    work->facts.tls_rpt = read_tls_rpt(co_await work->ask(name, RecordType::txt));
    work->facts.tls_rpt.record.place = name + " TXT";
}

Task<void> fill_bimi(WorkPtr work) {
    work->facts.bimi =
        co_await look_up_bimi(work->ask, work->web, work->facts.domain, work->options, work->deadline);
}

}  // namespace

Ask ask_resolver(std::shared_ptr<dns::Resolver> resolver, Deadline deadline) {
    return [resolver = std::move(resolver), deadline](std::string name, RecordType type) {
        return ask_one(resolver, std::move(name), type, deadline);
    };
}

Task<ReverseName> look_up_reverse(Ask ask, IpAddress address) {
    ReverseName reverse{.address = address};
    const DnsFacts answer = co_await ask(address.reverse_name(), RecordType::ptr);
    reverse.status = answer.status;
    reverse.names = answer.names;
    if (reverse.names.size() > max_names)
        reverse.names.erase(reverse.names.begin() + max_names, reverse.names.end());
    std::vector<Task<DnsFacts>> questions;
    for (const std::string& name : reverse.names)
        questions.push_back(ask(name, address.is_v4() ? RecordType::a : RecordType::aaaa));
    const std::vector<DnsFacts> answers = co_await async::when_all(std::move(questions));
    for (std::size_t i = 0; i < answers.size(); ++i) {
        if (std::ranges::find(answers[i].addresses, address) != answers[i].addresses.end())
            reverse.confirmed.push_back(reverse.names[i]);
        const bool told = answers[i].status == DnsStatus::found || answers[i].status == DnsStatus::no_data ||
                          answers[i].status == DnsStatus::no_such_name;
        reverse.complete = reverse.complete && told;
    }
    co_return reverse;
}

Task<DaneFacts> look_up_dane(Ask ask, HostName host, Port port, bool smtp) {
    DaneFacts facts{.host = host.text(), .port = port.number(), .base = host.text()};
    if (host.is_literal()) {
        facts.outcome = DaneFacts::Outcome::none;
        co_return facts;
    }
    DnsFacts address = co_await ask(host.text(), RecordType::a);
    if (address.status != DnsStatus::found) {
        DnsFacts other = co_await ask(host.text(), RecordType::aaaa);
        if (other.status == DnsStatus::found) address = std::move(other);
    }
    std::vector<std::string> bases;
    if (!address.aliases.empty() && address.dnssec == Dnssec::secure) bases.push_back(address.aliases.back());
    bases.push_back(host.text());
    for (const std::string& base : bases) {
        const std::string name = "_" + std::to_string(port.number()) + "._tcp." + base;
        const DnsFacts answer = co_await ask(name, RecordType::tlsa);
        facts.base = base;
        judge_tlsa_answer(answer, smtp, facts);
        if (facts.outcome != DaneFacts::Outcome::none && facts.outcome != DaneFacts::Outcome::insecure) break;
    }
    co_return facts;
}

Task<PolicyFacts> look_up(Ask ask, Web web, HostName domain, LookUpOptions options, Deadline deadline) {
    auto work = std::make_shared<Work>(Work{.ask = std::move(ask),
                                            .web = std::move(web),
                                            .options = std::move(options),
                                            .deadline = deadline,
                                            .facts = {.domain = std::move(domain)}});
    async::Group parts(co_await asio::this_coro::executor);
    parts.start(fill_exchangers(work));
    parts.start(fill_spf(work));
    parts.start(fill_dkim(work));
    parts.start(fill_dmarc(work));
    parts.start(fill_mta_sts(work));
    parts.start(fill_tls_rpt(work));
    parts.start(fill_bimi(work));
    co_await parts.wait();
    PolicyFacts& facts = work->facts;
    std::vector<std::string> hosts;
    for (const ExchangerFacts& exchanger : facts.exchangers)
        hosts.push_back(exchanger.host);
    compare_exchangers(hosts, facts.mta_sts);
    require_dmarc(facts.dmarc, facts.bimi);
    co_return std::move(facts);
}

}  // namespace maildoctor::policy
