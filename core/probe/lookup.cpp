#include "core/probe/lookup.h"

#include <utility>

namespace maildoctor::probe {
namespace {

Answer answer_of(DnsStatus status) {
    switch (status) {
        case DnsStatus::found:
            return Answer::yes;
        case DnsStatus::no_such_name:
        case DnsStatus::no_data:
            return Answer::no;
        default:
            return Answer::unknown;
    }
}

Observation observe(DnsFacts facts, std::string source, std::chrono::milliseconds started,
                    std::chrono::milliseconds took) {
    Observation seen{.probe = "dns.lookup"};
    seen.subject.host = facts.name;
    seen.source = std::move(source);
    seen.answer = answer_of(facts.status);
    seen.started = started;
    seen.took = took;
    if (seen.answer == Answer::unknown)
        seen.failure = Failure{.stage = Stage::dns_lookup,
                               .kind = facts.detail == "cancelled"            ? FailureKind::cancelled
                                       : facts.detail == "out-of-time"        ? FailureKind::out_of_time
                                       : facts.status == DnsStatus::no_answer ? FailureKind::timed_out
                                                                              : FailureKind::rejected,
                               .native_code = facts.rcode,
                               .text = facts.detail};
    seen.dns = std::move(facts);
    return seen;
}

}  // namespace

Task<Observation> lookup(ContextPtr context, std::string name, RecordType type, std::string source) {
    const auto started = context->since_began();
    DnsFacts facts = co_await context->resolver->lookup(name, type, context->deadline);
    facts.name = name;  // as asked, so that the answer is found again by its question
    co_return observe(std::move(facts), std::move(source), started, context->since_began() - started);
}

Task<std::vector<Observation>> host_addresses(ContextPtr context, HostName host, std::string source) {
    const auto started = context->since_began();
    dns::HostAddresses both = co_await context->resolver->addresses(host, context->deadline);
    const auto took = context->since_began() - started;
    both.v4.name = both.v6.name = host.text();
    both.v4.type = RecordType::a;
    both.v6.type = RecordType::aaaa;
    std::vector<Observation> seen;
    seen.push_back(observe(std::move(both.v4), source, started, took));
    seen.push_back(observe(std::move(both.v6), std::move(source), started, took));
    co_return seen;
}

}  // namespace maildoctor::probe
