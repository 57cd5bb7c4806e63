#include "core/policy/dane.h"

#include <algorithm>
#include <array>

#include "core/policy/fields.h"

namespace maildoctor::policy {
namespace {

constexpr std::size_t max_records = 30;

/// Octets of a digest by matching type; 0: the whole data, any length.
constexpr std::array<std::size_t, 3> digest_size = {0, 32, 64};

std::string fault_of(const TlsaRecord& record, bool smtp) {
    if (record.usage > 3) return "usage " + std::to_string(record.usage) + " is not assigned";
    if (smtp && record.usage < 2)
        return "usage " + std::to_string(record.usage) +
               " (public authorities) is not for mail exchangers; 3 1 1 is what they use";
    if (record.selector > 1) return "selector " + std::to_string(record.selector) + " is not assigned";
    if (record.matching >= digest_size.size())
        return "matching type " + std::to_string(record.matching) + " is not assigned";
    const std::size_t size = digest_size.at(record.matching);
    if (size != 0 && record.data.size() != size * 2)
        return "a digest of matching type " + std::to_string(record.matching) + " has " +
               std::to_string(size) + " octets, not " + std::to_string(record.data.size() / 2);
    if (record.data.empty()) return "there is no data";
    return {};
}

}  // namespace

DaneRecord judge_tlsa(const TlsaRecord& record, bool smtp) {
    DaneRecord judged{.record = record, .fault = fault_of(record, smtp)};
    judged.usable = judged.fault.empty();
    return judged;
}

void judge_tlsa_answer(const DnsFacts& answer, bool smtp, DaneFacts& facts) {
    using Outcome = DaneFacts::Outcome;
    facts.dnssec = answer.dnssec;
    facts.records.clear();
    switch (answer.status) {
        case DnsStatus::found:
            break;
        case DnsStatus::no_such_name:
        case DnsStatus::no_data:
            facts.outcome = Outcome::none;
            return;
        default:
            facts.outcome = Outcome::unknown;
            facts.because = select_records(answer, {}).because;
            return;
    }
    for (const TlsaRecord& record : answer.tlsa) {
        if (facts.records.size() < max_records) facts.records.push_back(judge_tlsa(record, smtp));
    }
    const bool some = std::ranges::any_of(facts.records, &DaneRecord::usable);
    if (facts.records.empty()) {
        facts.outcome = Outcome::none;
    } else if (answer.dnssec == Dnssec::secure) {
        facts.outcome = some ? Outcome::not_compared : Outcome::unusable;
    } else if (answer.dnssec == Dnssec::insecure) {
        facts.outcome = Outcome::insecure;
    } else {
        facts.outcome = Outcome::unknown;
        facts.because = "whether DNSSEC vouches for the TLSA records could not be told";
    }
}

}  // namespace maildoctor::policy
