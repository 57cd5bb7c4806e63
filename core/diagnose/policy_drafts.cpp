#include "core/diagnose/policy_drafts.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace maildoctor::diagnose {
namespace {

using Weight = PolicyFault::Weight;

Severity severity_of(Weight weight, Severity discarded) {
    switch (weight) {
        case Weight::discarded:
            return discarded;
        case Weight::strict:
        case Weight::weak:
            return Severity::warning;
        case Weight::note:
            break;
    }
    return Severity::info;
}

std::string tlsa_text(const DaneFacts& facts, const TlsaRecord& record) {
    return fmt::format("_{}._tcp.{} TLSA {} {} {} {}", facts.port, facts.base, record.usage, record.selector,
                       record.matching, record.data);
}

Draft policy_draft(Cause cause, const std::string& domain, Severity severity, std::string detail) {
    Draft draft{
        .cause = cause, .severity = severity, .subject = {.host = domain}, .rule = "published-policy"};
    draft.detail = std::move(detail);
    draft.variant = draft.detail;
    return draft;
}

Draft about_dane(const DaneFacts& facts, Severity severity, std::string detail) {
    Draft draft = policy_draft(Cause::tls_policy_mismatch, facts.host, severity, std::move(detail));
    draft.subject.port = Port::from(facts.port);
    constexpr std::size_t most = 6;
    for (const DaneRecord& record : facts.records) {
        if (draft.evidence.size() == most) break;
        const std::string fault = record.fault.empty() ? "" : " (cannot be used: " + record.fault + ")";
        draft.evidence.push_back({.kind = "record", .text = tlsa_text(facts, record.record) + fault});
    }
    return draft;
}

}  // namespace

void add_record_evidence(Draft& draft, const PolicyRecord& record) {
    for (const std::string& found : record.found)
        draft.evidence.push_back({.kind = "record", .text = record.place + ": \"" + found + "\""});
    if (record.found.empty())
        draft.evidence.push_back({.kind = "record", .text = record.place + ": there is none"});
    for (const PolicyFault& fault : record.faults)
        draft.evidence.push_back({.kind = "fault", .text = fault.text});
    if (!record.better.empty()) draft.evidence.push_back({.kind = "better", .text = record.better});
}

std::optional<Draft> record_draft(Cause cause, const PolicyRecord& record, const std::string& domain,
                                  Severity discarded) {
    if (record.faults.empty()) return std::nullopt;
    const auto worst = std::ranges::min_element(record.faults, {}, [&](const PolicyFault& fault) {
        return std::pair(severity_of(fault.weight, discarded), fault.weight);
    });
    Draft draft = policy_draft(cause, domain, severity_of(worst->weight, discarded), worst->kind);
    add_record_evidence(draft, record);
    return draft;
}

std::optional<Draft> mta_sts_draft(const MtaStsFacts& facts, const std::string& domain, Severity discarded) {
    auto record = record_draft(Cause::policy_mta_sts_invalid, facts.record, domain, discarded);
    auto file = record_draft(Cause::policy_mta_sts_invalid, facts.file, domain, discarded);
    if (!record) return file;
    if (!file) return record;
    if (file->severity < record->severity) std::swap(record, file);
    record->evidence.insert(record->evidence.end(), file->evidence.begin(), file->evidence.end());
    return record;
}

std::optional<Draft> mta_sts_missing_draft(const MtaStsFacts& facts, const std::string& domain,
                                           Severity severity) {
    if (facts.missing.empty() || !facts.record.is_read() || !facts.file.is_read()) return std::nullopt;
    if (facts.mode != "enforce") severity = std::max(severity, Severity::warning);
    Draft draft = policy_draft(Cause::tls_policy_mismatch, domain, severity, "mta-sts");
    add_record_evidence(draft, facts.file);
    for (const std::string& host : facts.missing)
        draft.evidence.insert(
            draft.evidence.begin() + 1,
            {.kind = "fault", .text = "no mx line of the policy covers the mail exchanger " + host});
    return draft;
}

Draft dane_draft(const DaneFacts& facts, Severity severity) {
    Draft draft = about_dane(facts, severity, "dane");
    if (!facts.detail.empty()) draft.evidence.push_back({.kind = "fault", .text = facts.detail});
    if (!facts.better.empty()) draft.evidence.push_back({.kind = "better", .text = facts.better});
    return draft;
}

std::optional<Draft> dane_without_effect(const DaneFacts& facts) {
    if (facts.outcome == DaneFacts::Outcome::unusable)
        return about_dane(facts, Severity::warning, "dane-unusable");
    if (facts.outcome == DaneFacts::Outcome::insecure)
        return about_dane(facts, Severity::info, "dane-insecure");
    return std::nullopt;
}

}  // namespace maildoctor::diagnose
