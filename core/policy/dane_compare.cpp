// What a server presents against its TLSA records.
#include <algorithm>
#include <utility>

#include "core/policy/dane.h"
#include "core/policy/fields.h"
#include "core/tls/dane.h"

namespace maildoctor::policy {
namespace {

enum Usage : std::uint8_t { pkix_ta = 0, pkix_ee = 1, dane_ta = 2, dane_ee = 3 };

bool is_in(const std::vector<std::string>& chain, const TlsaRecord& record) {
    return std::ranges::any_of(chain, [&](const std::string& der) {
        return tls::tlsa_data(der, record.selector, record.matching) == record.data;
    });
}

bool fits(const TlsaRecord& record, const std::vector<std::string>& chain, const TlsFacts& presented,
          const std::vector<std::string>& names, std::int64_t now, std::string& why) {
    switch (record.usage) {
        case dane_ee:
            return is_in({chain.front()}, record);
        case dane_ta:
            return tls::trust_anchor_vouches(chain, record, names, now, why);
        case pkix_ee:
        case pkix_ta: {
            const bool there = is_in(record.usage == pkix_ee ? std::vector{chain.front()} : chain, record);
            if (there && !presented.verified)
                why = "the record wants a certificate that public authorities vouch for";
            return there && presented.verified;
        }
        default:
            return false;
    }
}

}  // namespace

DaneFacts compare_dane(DaneFacts facts, const TlsFacts& presented, std::vector<std::string> names,
                       std::int64_t now) {
    using Outcome = DaneFacts::Outcome;
    std::vector<std::string> chain;
    for (const CertificateFacts& certificate : presented.chain) {
        if (!certificate.der.empty()) chain.push_back(certificate.der);
    }
    if (facts.outcome != Outcome::not_compared || chain.empty()) return facts;
    if (std::ranges::find(names, facts.base) == names.end()) names.insert(names.begin(), facts.base);
    std::string why;
    for (DaneRecord& record : facts.records) {
        if (record.usable) record.matches = fits(record.record, chain, presented, names, now, why);
    }
    const bool match =
        std::ranges::any_of(facts.records, [](const DaneRecord& r) { return r.matches == true; });
    facts.outcome = match ? Outcome::match : Outcome::mismatch;
    if (match) return facts;
    facts.detail = why.empty() ? "no usable record fits what the server presents" : shown(why);
    facts.better = "_" + std::to_string(facts.port) + "._tcp." + facts.base + ". TLSA 3 1 1 " +
                   tls::tlsa_data(chain.front(), 1, 1);
    return facts;
}

}  // namespace maildoctor::policy
