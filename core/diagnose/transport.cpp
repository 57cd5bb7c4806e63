// DANE and MTA-STS as they bear on one account: from observations.
#include <algorithm>

#include "core/diagnose/delivery.h"
#include "core/diagnose/evidence.h"
#include "core/diagnose/mail_policy.h"
#include "core/diagnose/policy_drafts.h"
#include "core/model/dialog.h"

namespace maildoctor::diagnose {
namespace {

using Dane = DaneFacts::Outcome;

const Observation* dane_of(const Picture& picture, const std::string& host, Port port) {
    const auto found = std::ranges::find_if(picture.all(), [&](const Observation& o) {
        return o.dane && o.subject.host == host && o.subject.port == port;
    });
    return found == picture.all().end() ? nullptr : &*found;
}

const MtaStsFacts* mta_sts_of(const Picture& picture) {
    const auto found =
        std::ranges::find_if(picture.all(), [](const Observation& o) { return o.mta_sts.has_value(); });
    return found == picture.all().end() ? nullptr : &*found->mta_sts;
}

/// The server talked, and offers no encryption at all.
bool offers_no_tls(const Observation* dialog) {
    return dialog != nullptr && greeted(*dialog) && dialog->mail && dialog->mail->capabilities_known &&
           !dialog->mail->starttls_offered && dialog->subject.security != Security::tls;
}

/// Nobody gets an encrypted connection there: none is offered, or what is offered fails.
bool has_no_tls(const Observation* dialog) {
    return offers_no_tls(dialog) || (dialog != nullptr && starttls_breaks(*dialog));
}

bool demands_tls(const DaneFacts& facts) {
    return facts.outcome == Dane::not_compared || facts.outcome == Dane::unusable ||
           facts.outcome == Dane::mismatch;
}

/// Without TLS, or with a certificate that is not good for its name: barred to senders that respect MTA-STS.
bool certificate_bars(const Observation* dialog) {
    if (has_no_tls(dialog)) return true;
    return dialog != nullptr && dialog->tls && dialog->tls->completed && !dialog->tls->verified;
}

/// What the exchanger showed beside the draft's records.
void add_dialog(Draft& draft, const Observation* dialog) {
    draft.subject.role = Role::mx;
    if (dialog == nullptr) return;
    draft.observations.push_back(dialog->id);
    if (dialog->tls && !dialog->tls->chain.empty()) draft.evidence.push_back(certificate_evidence(*dialog));
    if (offers_no_tls(dialog))
        draft.evidence.push_back({.kind = "tls", .text = place(dialog->subject) + ": offers no STARTTLS"});
    if (starttls_breaks(*dialog)) draft.evidence.push_back(starttls_evidence(*dialog));
}

Draft certificate_draft(const Observation& dialog, const MtaStsFacts& facts, Severity severity) {
    Draft draft = draft_about(Cause::tls_policy_mismatch, dialog, "published-policy");
    draft.severity = severity;
    draft.detail = draft.variant = "mta-sts-certificate";
    draft.evidence.push_back({.kind = "record", .text = facts.file.place + ": mode: " + facts.mode});
    add_dialog(draft, &dialog);
    return draft;
}

bool is_in_force(const MtaStsFacts& facts) {
    return facts.record.is_read() && facts.file.is_read() && facts.mode != "none" && !facts.mode.empty();
}

bool leaves_out(const MtaStsFacts& facts, const std::string& host) {
    return std::ranges::find(facts.missing, host) != facts.missing.end();
}

/// Every exchanger with what is known of it.
struct Exchanger {
    std::string host;
    const Observation* dialog{};
    const Observation* dane{};
};

class Transport {
public:
    Transport(const Picture& picture, const HostName& domain) : picture_(picture), domain_(domain) {
        const Observation* mx = picture.dns(domain.text(), RecordType::mx);
        if (mx == nullptr) return;
        mx_secure_ = mx->dns->dnssec == Dnssec::secure;
        const Port port = *Port::from(25);
        for (const MxRecord& record : mx->dns->mx) {
            if (record.exchange.empty()) continue;
            exchangers_.push_back({.host = record.exchange,
                                   .dialog = picture.dialog(record.exchange, port, Protocol::smtp, false),
                                   .dane = dane_of(picture, record.exchange, port)});
        }
    }

    Judgement judge() {
        judge_dane();
        if (const MtaStsFacts* facts = mta_sts_of(picture_)) judge_mta_sts(*facts);
        return std::move(result_);
    }

private:
    static bool dane_bars(const Exchanger& exchanger) {
        if (exchanger.dane == nullptr) return false;
        const DaneFacts& facts = *exchanger.dane->dane;
        return facts.outcome == Dane::mismatch || (demands_tls(facts) && has_no_tls(exchanger.dialog));
    }

    void add(Draft draft, const Observation* dialog) {
        add_dialog(draft, dialog);
        result_.drafts.push_back(std::move(draft));
    }

    /// Senders go on to the next exchanger: only when none is left, mail is held back. Where the MX records
    /// are not signed, some senders look at TLSA records nevertheless.
    void judge_dane() {
        const bool all = !exchangers_.empty() && std::ranges::all_of(exchangers_, dane_bars);
        const Severity severity = all && mx_secure_ ? Severity::error : Severity::warning;
        for (const Exchanger& exchanger : exchangers_) {
            if (exchanger.dane == nullptr) continue;
            if (dane_bars(exchanger)) {
                Draft draft = dane_draft(*exchanger.dane->dane, severity);
                draft.observations.push_back(exchanger.dane->id);
                add(std::move(draft), exchanger.dialog);
            } else if (exchanger.dane->dane->outcome == Dane::unusable) {
                Draft draft = *dane_without_effect(*exchanger.dane->dane);
                draft.observations.push_back(exchanger.dane->id);
                add(std::move(draft), nullptr);
            }
        }
    }

    void judge_mta_sts(const MtaStsFacts& facts) {
        if (auto draft = mta_sts_draft(facts, domain_.text(), Severity::warning))
            add(std::move(*draft), nullptr);
        if (!is_in_force(facts)) return;
        const bool all =
            !exchangers_.empty() && std::ranges::all_of(exchangers_, [&](const Exchanger& exchanger) {
                return leaves_out(facts, exchanger.host) || certificate_bars(exchanger.dialog);
            });
        const Severity severity = all && facts.mode == "enforce" ? Severity::error : Severity::warning;
        if (auto draft = mta_sts_missing_draft(facts, domain_.text(), severity))
            add(std::move(*draft), nullptr);
        for (const Exchanger& exchanger : exchangers_) {
            if (certificate_bars(exchanger.dialog))
                result_.drafts.push_back(certificate_draft(*exchanger.dialog, facts, severity));
        }
    }

    const Picture& picture_;
    const HostName& domain_;
    std::vector<Exchanger> exchangers_{};
    bool mx_secure_{false};
    Judgement result_{};
};

}  // namespace

Judgement judge_transport(const Picture& picture, const HostName& domain) {
    return Transport(picture, domain).judge();
}

Judgement judge_exchangers(const Picture& picture, const PolicyFacts& facts) {
    struct Met {
        const ExchangerFacts* exchanger;
        const Observation* dialog;
    };
    std::vector<Met> all;
    for (const ExchangerFacts& exchanger : facts.exchangers)
        all.push_back({&exchanger, picture.dialog(exchanger.host, *Port::from(25), Protocol::smtp, false)});
    const auto without_tls = [](const Met& met) {
        return demands_tls(met.exchanger->dane) && has_no_tls(met.dialog);
    };
    const auto dane_bars = [&](const Met& met) {
        return met.exchanger->dane.outcome == Dane::mismatch || without_tls(met);
    };
    const auto sts_bars = [&](const Met& met) {
        return leaves_out(facts.mta_sts, met.exchanger->host) || certificate_bars(met.dialog);
    };
    const bool in_force = is_in_force(facts.mta_sts);
    const bool dane_error = std::ranges::all_of(all, dane_bars) && facts.dnssec == Dnssec::secure;
    const bool sts_error = facts.mta_sts.mode == "enforce" && std::ranges::all_of(all, sts_bars);
    Judgement result;
    for (const Met& met : all) {
        if (without_tls(met)) {
            Draft draft = dane_draft(met.exchanger->dane, dane_error ? Severity::error : Severity::warning);
            add_dialog(draft, met.dialog);
            result.drafts.push_back(std::move(draft));
        }
        if (in_force && certificate_bars(met.dialog))
            result.drafts.push_back(certificate_draft(*met.dialog, facts.mta_sts,
                                                      sts_error ? Severity::error : Severity::warning));
    }
    return result;
}

Judgement judge_server_dane(const Picture& picture, const ServerSetting& setting) {
    Judgement result;
    const Observation* seen = dane_of(picture, setting.host.text(), setting.port);
    if (seen == nullptr || seen->dane->outcome != Dane::mismatch) return result;
    Draft draft = dane_draft(*seen->dane, Severity::warning);
    draft.subject.protocol = setting.protocol;
    draft.subject.security = setting.security;
    draft.subject.role = role_of(setting.protocol);
    draft.variant = "dane-server";
    draft.observations.push_back(seen->id);
    if (const Observation* dialog = picture.dialog(setting); dialog != nullptr && dialog->tls)
        draft.evidence.push_back(certificate_evidence(*dialog));
    result.drafts.push_back(std::move(draft));
    return result;
}

}  // namespace maildoctor::diagnose
