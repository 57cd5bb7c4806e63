#include "core/diagnose/isp_mail_policy.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/model/text.h"

namespace maildoctor::diagnose {
namespace {

using State = PolicyRecord::State;
using Dane = DaneFacts::Outcome;

std::string first_fault(const PolicyRecord& record) {
    for (const PolicyFault& fault : record.faults)
        if (fault.weight == PolicyFault::Weight::discarded) return fault.text;
    return {};
}

/// Whether the record is there and receivers take it.
DemandReply taken(const PolicyRecord& record, bool wanted) {
    if (record.state == State::unknown)
        return {Answer::unknown, record.because.empty() ? "it could not be looked up" : record.because};
    if (record.is_read()) return {wanted ? Answer::yes : Answer::no, record.place + " is published"};
    const bool absent = record.state == State::absent && record.faults.empty();
    if (absent) return {wanted ? Answer::no : Answer::yes, record.place + ": there is none"};
    return {wanted ? Answer::no : Answer::yes, record.place + ": " + first_fault(record)};
}

/// Whether a word of a scale is at least as strong as the one that is wanted.
DemandReply at_least(const IspDemand& demand, std::string_view got, std::string because) {
    const auto info = std::ranges::find(isp_rules, demand.rule, &IspRuleInfo::rule);
    const auto place = std::ranges::find(info->words, got);
    const bool met =
        !got.empty() && place != info->words.end() && place - info->words.begin() >= demand.number;
    return {met ? Answer::yes : Answer::no, std::move(because)};
}

DemandReply spf_end(const IspDemand& demand, const SpfFacts& spf) {
    const DemandReply there = taken(spf.record, true);
    if (there.met != Answer::yes) return there;
    return at_least(demand, spf.all,
                    "the record ends with " + (spf.all.empty() ? "nothing that matches all" : spf.all));
}

DemandReply dkim_keys(const IspDemand& demand, const std::vector<DkimFacts>& keys) {
    for (const std::string& selector : demand.texts) {
        const auto key = std::ranges::find_if(
            keys, [&](const DkimFacts& one) { return same_word(one.selector, selector); });
        if (key == keys.end()) return {Answer::no, "the selector " + selector + " has no key"};
        DemandReply reply = taken(key->record, true);
        if (reply.met != Answer::yes) return reply;
        if (key->revoked) return {Answer::no, key->record.place + ": the key was withdrawn"};
    }
    return {Answer::yes, "every selector has a good key"};
}

DemandReply dmarc_policy(const IspDemand& demand, const DmarcFacts& dmarc) {
    const DemandReply there = taken(dmarc.record, true);
    if (there.met != Answer::yes) return there;
    return at_least(demand, dmarc.policy,
                    fmt::format("p={} applies, from {}", dmarc.policy, dmarc.record.place));
}

DemandReply dmarc_reports(const IspDemand& demand, const DmarcFacts& dmarc) {
    const DemandReply there = taken(dmarc.record, true);
    if (there.met != Answer::yes)
        return {there.met == Answer::no && !demand.flag ? Answer::yes : there.met, there.because};
    const bool any = !dmarc.rua.empty();
    return {any == demand.flag ? Answer::yes : Answer::no,
            any ? "reports go to " + dmarc.rua.front() : "rua= names nobody"};
}

DemandReply mta_sts_mode(const IspDemand& demand, const MtaStsFacts& facts) {
    for (const PolicyRecord* record : {&facts.record, &facts.file}) {
        DemandReply reply = taken(*record, true);
        if (reply.met != Answer::yes) return reply;
    }
    if (!facts.missing.empty())
        return {Answer::no, "no mx line covers the exchanger " + facts.missing.front()};
    return at_least(demand, facts.mode, "the mode is " + facts.mode);
}

/// Asks for every exchanger; one "no" decides, else one "unknown" does.
template <class Ask>
DemandReply each_exchanger(const PolicyFacts& mail, Ask ask) {
    if (mail.mx.status != DnsStatus::found && mail.mx.status != DnsStatus::no_data)
        return {Answer::unknown, "the MX records could not be looked up"};
    if (mail.exchangers.empty()) return {Answer::yes, "the domain has no exchanger"};
    DemandReply whole{Answer::yes, fmt::format("holds for all {} exchangers", mail.exchangers.size())};
    for (const ExchangerFacts& exchanger : mail.exchangers) {
        DemandReply reply = ask(exchanger);
        if (reply.met == Answer::no) return reply;
        if (reply.met == Answer::unknown) whole = std::move(reply);
    }
    return whole;
}

DemandReply fits_dane(const ExchangerFacts& exchanger) {
    const std::string& host = exchanger.host;
    switch (exchanger.dane.outcome) {
        case Dane::match:
            return {};
        case Dane::unknown:
            return {Answer::unknown, host + ": the TLSA records could not be looked up"};
        case Dane::not_compared:
            return {Answer::unknown, host + " could not be reached to compare its key with its TLSA records"};
        case Dane::none:
            return {Answer::no, host + " has no TLSA records"};
        case Dane::insecure:
            return {Answer::no, "DNSSEC does not vouch for the TLSA records of " + host};
        case Dane::unusable:
            return {Answer::no, "none of the TLSA records of " + host + " can be used"};
        case Dane::mismatch:
            break;
    }
    return {Answer::no, host + " does not fit its TLSA records"};
}

DemandReply is_signed(const PolicyFacts& mail, const ExchangerFacts& exchanger) {
    const auto judge = [](const DnsFacts& facts, const std::string& what) -> DemandReply {
        if (facts.dnssec == Dnssec::secure) return {};
        if (facts.dnssec == Dnssec::insecure || facts.dnssec == Dnssec::bogus)
            return {Answer::no, what + " are not signed"};
        return {Answer::unknown, "the resolver hands out no signatures"};
    };
    const DemandReply mx = judge(mail.mx, "the MX records");
    if (mx.met != Answer::yes) return mx;
    const DnsFacts& addresses = exchanger.v4.addresses.empty() ? exchanger.v6 : exchanger.v4;
    return judge(addresses, "the addresses of " + exchanger.host);
}

DemandReply has_reverse_names(const ExchangerFacts& exchanger) {
    for (const ReverseName& reverse : exchanger.addresses) {
        if (!reverse.confirmed.empty()) continue;
        const bool told = reverse.status == DnsStatus::no_such_name || reverse.status == DnsStatus::no_data ||
                          (reverse.status == DnsStatus::found && reverse.complete);
        return {told ? Answer::no : Answer::unknown,
                fmt::format("{} ({}) {}", exchanger.host, reverse.address.text(),
                            told ? "has no name that leads back" : "could not be looked up")};
    }
    return {};
}

/// A flag that is false demands nothing of the exchangers.
template <class Ask>
DemandReply each_if(const IspDemand& demand, const PolicyFacts& mail, Ask ask) {
    return demand.flag ? each_exchanger(mail, ask) : DemandReply{Answer::yes, "not demanded"};
}

DemandReply bimi(const IspDemand& demand, const BimiFacts& facts) {
    DemandReply reply = taken(facts.record, demand.flag);
    if (!demand.flag || reply.met != Answer::yes) return reply;
    if (facts.declined) return {Answer::no, "the record says that the domain wants no logo"};
    reply = taken(facts.picture, true);
    if (reply.met != Answer::yes || facts.authority.empty()) return reply;
    return taken(facts.certificate, true);
}

}  // namespace

bool fits_name(std::string_view host, const std::vector<std::string>& allowed) {
    const std::string name = upper_case(host);
    return std::ranges::any_of(allowed, [&](const std::string& one) {
        const std::string pattern = upper_case(one);
        if (!pattern.starts_with("*.")) return name == pattern;
        return name.size() > pattern.size() - 1 && name.ends_with(pattern.substr(1));
    });
}

DemandReply judge_mail_demand(const IspDemand& demand, const std::optional<PolicyFacts>& mail) {
    if (!mail) return {Answer::unknown, "the domain's mail side was not asked for"};
    switch (demand.rule) {
        case IspRule::spf:
            return taken(mail->spf.record, demand.flag);
        case IspRule::spf_all:
            return spf_end(demand, mail->spf);
        case IspRule::dkim:
            return dkim_keys(demand, mail->dkim);
        case IspRule::dmarc:
            return dmarc_policy(demand, mail->dmarc);
        case IspRule::dmarc_reports:
            return dmarc_reports(demand, mail->dmarc);
        case IspRule::mta_sts:
            return mta_sts_mode(demand, mail->mta_sts);
        case IspRule::dane:
            return each_if(demand, *mail, fits_dane);
        case IspRule::tls_rpt:
            return taken(mail->tls_rpt.record, demand.flag);
        case IspRule::bimi:
            return bimi(demand, mail->bimi);
        case IspRule::mx_dnssec:
            return each_if(demand, *mail,
                           [&](const ExchangerFacts& exchanger) { return is_signed(*mail, exchanger); });
        case IspRule::mx_hosts:
            return each_exchanger(*mail, [&](const ExchangerFacts& exchanger) {
                return fits_name(exchanger.host, demand.texts)
                           ? DemandReply{}
                           : DemandReply{Answer::no, exchanger.host + " is an exchanger"};
            });
        case IspRule::reverse_names:
            return each_if(demand, *mail, has_reverse_names);
        default:
            break;
    }
    return {Answer::unknown, "not known"};
}

}  // namespace maildoctor::diagnose
