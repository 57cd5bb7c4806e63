#include "core/report/plugin.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/report/clean.h"
#include "core/report/document.h"
#include "core/report/phrases.h"

namespace maildoctor::report {
namespace {

constexpr std::size_t longest_text = 400;  // octets: what pagers and status pages show
constexpr std::size_t most_named = 5;      // domains
constexpr int warn_days = 14;

/// The bar separates performance data, so it must not stand in the text.
std::string plain(std::string_view text) {
    std::string out = maildoctor::cleaned(trimmed(text), longest_text);
    std::ranges::replace(out, '|', '/');
    return out;
}

PluginOutput output_of(PluginState state, std::string_view text, const std::string& figures) {
    constexpr std::array<std::string_view, 4> words = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};
    std::string line = fmt::format("MAILDOCTOR {} - {}", words[static_cast<std::size_t>(state)], plain(text));
    if (!figures.empty()) line += " | " + figures;
    return {.state = state, .line = line + "\n"};
}

PluginState state_of(const Report& report, bool policy_broken) {
    if (policy_broken || report.verdict == Verdict::problem) return PluginState::critical;
    if (report.verdict == Verdict::inconclusive) return PluginState::unknown;
    const bool warned = std::ranges::any_of(
        report.findings, [](const Finding& finding) { return finding.severity == Severity::warning; });
    return warned ? PluginState::warning : PluginState::ok;
}

std::size_t count(const Report& report, Severity severity) {
    return static_cast<std::size_t>(std::ranges::count(report.findings, severity, &Finding::severity));
}

/// The findings come with what decides first.
std::string words_of(const Report& report) {
    const Language language = language_from(report.request.language);
    for (const Finding& finding : report.findings) {
        if (finding.severity == Severity::info) continue;
        const std::string subject = subject_text(finding.subject, language);
        return fmt::format("{}{}{} ({})", finding.title, subject.empty() ? "" : ", ", subject,
                           cause_id(finding.cause));
    }
    if (report.verdict == Verdict::inconclusive && !report.not_tested.empty())
        return report.not_tested.front().what + ": " + report.not_tested.front().because;
    return std::string(
        phrase(report.verdict == Verdict::ok ? Phrase::verdict_ok : Phrase::verdict_inconclusive, language));
}

/// Whole days until the first of the servers' certificates ends; below zero when one has ended.
std::optional<std::int64_t> days_left(const Report& report) {
    constexpr std::int64_t day = 86400;
    std::optional<std::int64_t> least;
    for (const Observation& seen : report.observations) {
        if (!seen.tls || seen.tls->chain.empty()) continue;
        const std::int64_t left = seen.tls->chain.front().not_after - report.started;
        const std::int64_t days = left >= 0 ? left / day : -1 - (-left - 1) / day;
        if (!least || days < *least) least = days;
    }
    return least;
}

std::string time_figure(std::int64_t milliseconds) {
    return fmt::format("time={}.{:03}s;;;0", milliseconds / 1000, milliseconds % 1000);
}

std::string days_figure(const std::optional<std::int64_t>& days) {
    return days ? fmt::format(" certificate_days={};{}:;0:", *days, warn_days) : "";
}

}  // namespace

PluginOutput render_plugin(const Report& report) {
    const std::string figures = fmt::format(
        "{} errors={};;0;0 warnings={};0;;0{}", time_figure(report.duration.count()),
        count(report, Severity::error), count(report, Severity::warning), days_figure(days_left(report)));
    const std::string who = report.request.email ? report.request.email->domain.text() + ": " : "";
    return output_of(state_of(report, false), who + words_of(report), figures);
}

PluginOutput plugin_unknown(std::string_view why) {
    return output_of(PluginState::unknown, why, {});
}

void PluginSummary::add(const Validation& validation) {
    const Report& report = validation.report;
    const auto broken = std::ranges::find(validation.policy, Answer::no, &PolicyLine::met);
    const bool policy_broken = broken != validation.policy.end();
    const PluginState state = state_of(report, policy_broken);
    ++domains_;
    critical_ += state == PluginState::critical ? 1 : 0;
    warning_ += state == PluginState::warning ? 1 : 0;
    unknown_ += state == PluginState::unknown ? 1 : 0;
    errors_ += count(report, Severity::error);
    warnings_ += count(report, Severity::warning);
    for (const PublishedServer& server : validation.servers) {
        if (!server.published()) continue;
        ++servers_;
        working_ += server.works.value_or(false) ? 1 : 0;
    }
    milliseconds_ += report.duration.count();
    if (const auto days = days_left(report); days && (!days_ || *days < *days_)) days_ = days;
    const std::string domain = report.request.domain ? report.request.domain->text() : "";
    const bool only_policy = policy_broken && report.verdict != Verdict::problem;
    only_ = domain + ": " +
            (only_policy ? "policy " + broken->rule + " = " + broken->wanted + ": " + broken->because
                         : words_of(report));
    if (state == PluginState::ok) return;
    // The worst ones are named; among equals the first.
    const auto place = std::ranges::find_if(bad_, [state](const Bad& bad) {
        return state == PluginState::critical && bad.state != PluginState::critical;
    });
    const bool named = report.findings.empty() || only_policy;
    bad_.insert(
        place,
        {.state = state,
         .text = domain + (named ? "" : " (" + std::string(cause_id(report.findings.front().cause)) + ")")});
    if (bad_.size() > most_named) bad_.pop_back();
}

PluginOutput PluginSummary::output(std::size_t left_out) const {
    PluginState state = critical_ > 0                  ? PluginState::critical
                        : warning_ > 0                 ? PluginState::warning
                        : unknown_ > 0 || left_out > 0 ? PluginState::unknown
                                                       : PluginState::ok;
    if (domains_ == 0) state = PluginState::unknown;
    std::string text = only_;
    if (domains_ != 1 || left_out > 0) {
        text = fmt::format("{} domains, {} with problems, {} with warnings, {} not settled", domains_,
                           critical_, warning_, unknown_);
        if (left_out > 0) text += fmt::format(", {} not looked at", left_out);
        for (std::size_t i = 0; i < bad_.size(); ++i)
            text += (i == 0 ? ": " : ", ") + bad_[i].text;
        const std::size_t all = critical_ + warning_ + unknown_;
        if (all > bad_.size()) text += fmt::format(" and {} more", all - bad_.size());
    }
    std::string figures = time_figure(milliseconds_);
    if (domains_ != 1 || left_out > 0)
        figures += fmt::format(" domains={};;;0 problems={};;0;0;{} warned={};0;;0;{} unsettled={};;;0;{}",
                               domains_, critical_, domains_, warning_, domains_, unknown_, domains_);
    figures += fmt::format(" errors={};;0;0 warnings={};0;;0 servers={};;;0 servers_working={};;;0;{}",
                           errors_, warnings_, servers_, working_, servers_);
    return output_of(state, text, figures + days_figure(days_));
}

}  // namespace maildoctor::report
