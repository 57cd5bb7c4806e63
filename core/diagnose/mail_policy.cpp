// The mail side of a domain as its publisher should see it.
#include "core/diagnose/mail_policy.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/diagnose/policy_drafts.h"

namespace maildoctor::diagnose {
namespace {

using State = PolicyRecord::State;
using Dane = DaneFacts::Outcome;

class Publisher {
public:
    explicit Publisher(const PolicyFacts& facts) : facts_(facts), domain_(facts.domain.text()) {}

    Judgement judge() {
        result_.tested = true;
        judge_exchangers();
        judge_spf();
        judge_dkim();
        judge_dmarc();
        judge_mta_sts();
        judge_record(Cause::policy_tls_rpt_invalid, facts_.tls_rpt.record, "TLS-RPT", Severity::warning);
        judge_bimi();
        result_.works = std::ranges::none_of(
            result_.drafts, [](const Draft& draft) { return draft.severity == Severity::error; });
        return std::move(result_);
    }

private:
    void add(std::optional<Draft> draft) {
        if (draft) result_.drafts.push_back(std::move(*draft));
    }

    void untested(const PolicyRecord& record, const std::string& what) {
        if (record.state == State::unknown)
            result_.not_tested.push_back({.what = what + " of " + domain_, .because = record.because});
    }

    void judge_record(Cause cause, const PolicyRecord& record, const std::string& what, Severity discarded) {
        untested(record, what);
        add(record_draft(cause, record, domain_, discarded));
    }

    void judge_bimi() {
        const BimiFacts& bimi = facts_.bimi;
        judge_record(Cause::policy_bimi_invalid, bimi.record, "BIMI", Severity::warning);
        judge_record(Cause::policy_bimi_invalid, bimi.picture, "the BIMI picture", Severity::warning);
        judge_record(Cause::policy_bimi_invalid, bimi.certificate, "the BIMI certificate", Severity::warning);
    }

    void missing(Cause cause, const PolicyRecord& record, Severity severity, std::string better) {
        Draft draft{
            .cause = cause, .severity = severity, .subject = {.host = domain_}, .rule = "published-policy"};
        draft.detail = draft.variant = "missing";
        draft.evidence.push_back({.kind = "record", .text = record.place + ": there is none"});
        draft.evidence.push_back({.kind = "better", .text = std::move(better)});
        result_.drafts.push_back(std::move(draft));
    }

    void judge_spf() {
        judge_record(Cause::policy_spf_invalid, facts_.spf.record, "SPF", Severity::error);
        if (facts_.spf.record.state == State::absent)
            missing(Cause::policy_spf_invalid, facts_.spf.record, Severity::warning,
                    facts_.null_mx ? "v=spf1 -all" : "v=spf1 mx ~all");
    }

    void judge_dkim() {
        for (const DkimFacts& key : facts_.dkim) {
            if (key.given) {
                untested(key.record, "the DKIM key " + key.selector);
                add(record_draft(Cause::policy_dkim_invalid, key.record, domain_, Severity::error));
                if (key.record.state == State::absent) add(lost_key(key));
            } else if (!key.revoked) {
                // Nobody said that this key is in use: old ones are left behind everywhere.
                add(record_draft(Cause::policy_dkim_invalid, key.record, domain_, Severity::warning));
            }
        }
        if (facts_.dkim.empty() && !facts_.null_mx)
            result_.not_tested.push_back(
                {.what = "DKIM keys of " + domain_,
                 .because =
                     "the usual selectors have none; name the selector (s= in a message's DKIM-Signature)"});
    }

    Draft lost_key(const DkimFacts& key) const {
        Draft draft{
            .cause = Cause::policy_dkim_invalid, .subject = {.host = domain_}, .rule = "published-policy"};
        draft.detail = "missing";
        draft.evidence.push_back({.kind = "record", .text = key.record.place + ": there is none"});
        return draft;
    }

    void judge_dmarc() {
        judge_record(Cause::policy_dmarc_invalid, facts_.dmarc.record, "DMARC", Severity::error);
        if (facts_.dmarc.record.state == State::absent)
            missing(
                Cause::policy_dmarc_invalid, facts_.dmarc.record, Severity::warning,
                facts_.null_mx ? "v=DMARC1; p=reject" : "v=DMARC1; p=none; rua=mailto:postmaster@" + domain_);
        for (const DmarcFacts::Consent& consent : facts_.dmarc.consents) {
            if (consent.given != false) continue;
            Draft draft{.cause = Cause::policy_dmarc_invalid,
                        .severity = Severity::warning,
                        .subject = {.host = domain_},
                        .rule = "published-policy"};
            draft.detail = "no-consent";
            draft.evidence.push_back(
                {.kind = "record",
                 .text = consent.name + " TXT: there is none, so " + consent.destination +
                         " has not agreed to get the reports and senders leave them away"});
            draft.evidence.push_back({.kind = "better", .text = consent.name + " TXT \"v=DMARC1;\""});
            result_.drafts.push_back(std::move(draft));
        }
    }

    void judge_mta_sts() {
        untested(facts_.mta_sts.record, "MTA-STS");
        if (facts_.mta_sts.record.state == State::found)
            untested(facts_.mta_sts.file, "the MTA-STS policy file");
        add(mta_sts_draft(facts_.mta_sts, domain_, Severity::error));
        const bool all = facts_.mta_sts.missing.size() >= facts_.exchangers.size();
        add(mta_sts_missing_draft(facts_.mta_sts, domain_, all ? Severity::error : Severity::warning));
    }

    void judge_exchangers() {
        for (const MxRecord& record : facts_.mx.mx) {
            const auto host = HostName::from(record.exchange);
            if (record.exchange.empty() && facts_.mx.mx.size() > 1) {
                bad_exchanger(".", "null-mx-among-others", Severity::error);
            } else if (!record.exchange.empty() && (!host || host->is_literal())) {
                bad_exchanger(record.exchange, "mx-is-address", Severity::error);
            }
        }
        const bool barred = !facts_.exchangers.empty() &&
                            std::ranges::all_of(facts_.exchangers, [](const ExchangerFacts& exchanger) {
                                return exchanger.dane.outcome == Dane::mismatch;
                            });
        for (const ExchangerFacts& exchanger : facts_.exchangers) {
            judge_names(exchanger);
            for (const ReverseName& reverse : exchanger.addresses)
                judge_reverse(exchanger, reverse);
            if (exchanger.dane.outcome == Dane::mismatch) {
                add(dane_draft(exchanger.dane, barred && facts_.dnssec == Dnssec::secure
                                                   ? Severity::error
                                                   : Severity::warning));
            } else {
                add(dane_without_effect(exchanger.dane));
            }
        }
    }

    void bad_exchanger(const std::string& exchange, std::string detail, Severity severity) {
        Draft draft{.cause = Cause::dns_mx_invalid,
                    .severity = severity,
                    .subject = {.host = domain_, .role = Role::mx},
                    .rule = "bad-exchanger"};
        draft.variant = detail;
        draft.detail = std::move(detail);
        draft.values["server"] = exchange;
        draft.evidence.push_back({.kind = "dns", .text = domain_ + " MX: " + exchange});
        result_.drafts.push_back(std::move(draft));
    }

    void judge_names(const ExchangerFacts& exchanger) {
        const auto nothing = [](DnsStatus status) {
            return status == DnsStatus::no_such_name || status == DnsStatus::no_data;
        };
        if (!exchanger.v4.aliases.empty() || !exchanger.v6.aliases.empty())
            bad_exchanger(exchanger.host, "mx-is-cname", Severity::warning);
        if (exchanger.v4.name.empty() || !nothing(exchanger.v4.status) || !nothing(exchanger.v6.status))
            return;
        const bool missing_name = exchanger.v4.status == DnsStatus::no_such_name;
        bad_exchanger(exchanger.host, missing_name ? "mx-name-missing" : "mx-no-address",
                      facts_.exchangers.size() == 1 ? Severity::error : Severity::warning);
    }

    void judge_reverse(const ExchangerFacts& exchanger, const ReverseName& reverse) {
        const bool none = reverse.status == DnsStatus::no_such_name || reverse.status == DnsStatus::no_data;
        const bool unconfirmed =
            reverse.status == DnsStatus::found && reverse.confirmed.empty() && reverse.complete;
        if (!none && !unconfirmed) return;
        Draft draft{.cause = Cause::smtp_rdns_missing,
                    .severity = Severity::warning,
                    .confidence = Confidence::likely,
                    .subject = {.host = exchanger.host, .address = reverse.address, .role = Role::mx},
                    .rule = "reverse-name"};
        draft.detail = none ? "no-ptr" : "not-confirmed";
        std::string names;
        for (const std::string& name : reverse.names)
            names += (names.empty() ? "" : ", ") + name;
        draft.evidence.push_back(
            {.kind = "dns",
             .text = none ? fmt::format("{} ({}): the address has no name (PTR)", exchanger.host,
                                        reverse.address.text())
                          : fmt::format("{} ({}): its name {} does not lead back to the address",
                                        exchanger.host, reverse.address.text(), names)});
        draft.evidence.push_back(
            {.kind = "better", .text = reverse.address.reverse_name() + ". PTR " + exchanger.host + "."});
        result_.drafts.push_back(std::move(draft));
    }

    const PolicyFacts& facts_;
    std::string domain_;
    Judgement result_{};
};

}  // namespace

Judgement judge_policy(const PolicyFacts& facts) {
    return Publisher(facts).judge();
}

}  // namespace maildoctor::diagnose
