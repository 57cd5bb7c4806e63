#include "core/report/checked.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>

#include "core/model/record_name.h"
#include "core/report/clean.h"
#include "core/report/facts_words.h"

namespace maildoctor::report {
namespace {

/// What became of one port, in two or three words; a higher rank tells more about the same port.
struct Outcome {
    int rank{};
    std::string text{};
};

Outcome outcome_of(const Observation& seen, Language language) {
    if (seen.tls && seen.tls->completed) {
        std::string text = cleaned(seen.tls->version);
        if (!seen.tls->verified) text += fmt::format(", {}", phrase(Phrase::certificate_fault, language));
        return {.rank = seen.tls->verified ? 4 : 3, .text = std::move(text)};
    }
    if (seen.failure) return {.rank = 1, .text = std::string(failure_phrase(seen.failure->kind, language))};
    if (seen.answer == Answer::yes)
        return {.rank = 2, .text = std::string(phrase(Phrase::answers, language))};
    return {.rank = 0, .text = "?"};
}

std::string place_of(const Subject& subject) {
    if (subject.host) return cleaned(*subject.host);
    return subject.address ? subject.address->text() : std::string("?");
}

std::string dns_text(const DnsFacts& dns) {
    std::string text = fmt::format("{} {}: {}", dns.name, record_name(dns.type), word(dns.status));
    for (const IpAddress& address : dns.addresses)
        text += " " + address.text();
    for (const MxRecord& mx : dns.mx)
        text += fmt::format(" {} {}", mx.preference, mx.exchange.empty() ? "." : mx.exchange);
    for (const SrvRecord& srv : dns.srv)
        text += fmt::format(" {}:{}", srv.target.empty() ? "." : srv.target, srv.port);
    for (const ExtendedError& error : dns.extended_errors)
        text += fmt::format(" (EDE {}: {})", error.code, error.text);
    if (dns.dnssec != Dnssec::not_checked) text += fmt::format(", DNSSEC {}", word(dns.dnssec));
    if (!dns.dnssec_link.empty()) text += ": " + dns.dnssec_link;
    return text;
}

std::string mta_sts_text(const MtaStsFacts& facts) {
    return fmt::format("{}: {}, {}: {}{}", facts.record.place, maildoctor::word(facts.record.state),
                       facts.file.place, maildoctor::word(facts.file.state),
                       facts.mode.empty() ? "" : ", mode " + facts.mode);
}

void add_dialog(std::vector<Item>& items, const Observation& seen) {
    for (const TranscriptLine& line : seen.transcript) {
        const char* who = line.from == TranscriptLine::From::client   ? "C"
                          : line.from == TranscriptLine::From::server ? "S"
                                                                      : "#";
        items.push_back({.label = fmt::format("{} +{} ms", who, line.at.count() / 1000),
                         .text = cleaned(line.text),
                         .verbatim = true});
    }
}

/// "587, 995 TLSv1.3; 25, 110 refused": ports with the same outcome together, what works first.
std::string grouped(const std::map<int, Outcome>& ports) {
    std::map<std::pair<int, std::string>, std::string, std::greater<>> groups;
    for (const auto& [port, outcome] : ports) {
        std::string& numbers = groups[{outcome.rank, outcome.text}];
        numbers += fmt::format("{}{}", numbers.empty() ? "" : ", ", port);
    }
    std::string text;
    for (const auto& [outcome, numbers] : groups)
        text += fmt::format("{}{} {}", text.empty() ? "" : "; ", numbers, outcome.second);
    return text;
}

}  // namespace

std::vector<Item> checked_in_short(const Report& report, Language language) {
    std::size_t questions = 0;
    std::size_t answered = 0;
    std::vector<std::string> hosts;  // in the order in which they were asked
    std::map<std::string, std::map<int, Outcome>> ports;
    for (const Observation& seen : report.observations) {
        if (seen.dns) {
            ++questions;
            if (seen.dns->status != DnsStatus::no_answer && seen.dns->status != DnsStatus::server_failure)
                ++answered;
        }
        if (!seen.subject.port || seen.dane) continue;
        const std::string host = place_of(seen.subject);
        if (!ports.contains(host)) hosts.push_back(host);
        Outcome& known = ports[host][seen.subject.port->number()];
        Outcome outcome = outcome_of(seen, language);
        if (known.text.empty() || outcome.rank > known.rank) known = std::move(outcome);
    }
    std::vector<Item> items;
    if (questions > 0)
        items.push_back({.label = "DNS",
                         .text = fmt::format("{} {} {} {}", answered, phrase(Phrase::of, language), questions,
                                             phrase(Phrase::questions_answered, language))});
    for (const std::string& host : hosts) {
        items.push_back({.label = host, .text = grouped(ports[host])});
    }
    return items;
}

std::vector<Item> every_observation(const Report& report, Language language) {
    std::vector<Item> items;
    for (const Observation& seen : report.observations) {
        std::string text;
        if (seen.dns)
            text = dns_text(*seen.dns);
        else if (seen.dane)
            text = fmt::format("{} port {}: {}", seen.dane->base, seen.dane->port,
                               maildoctor::word(seen.dane->outcome));
        else if (seen.mta_sts)
            text = mta_sts_text(*seen.mta_sts);
        else
            text =
                fmt::format("{}: {}", subject_text(seen.subject, language), outcome_of(seen, language).text);
        if (seen.failure && !seen.failure->text.empty()) text += fmt::format(" ({})", seen.failure->text);
        text += fmt::format(", {} ms", seen.took.count());
        items.push_back({.label = fmt::format("{} {}", seen.id, cleaned(seen.probe)),
                         .text = cleaned(text),
                         .verbatim = true});
        add_dialog(items, seen);
    }
    return items;
}

}  // namespace maildoctor::report
