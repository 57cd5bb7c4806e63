#include "gui/model/validate.h"

#include <algorithm>
#include <numeric>
#include <unordered_set>

#include "core/model/text.h"
#include "core/names/names.h"
#include "core/report/clean.h"
#include "core/report/json_writer.h"

namespace maildoctor::gui {
namespace {

/// Reports of further rows keep no observations: a list may have 100,000 domains.
constexpr std::size_t most_whole = 2000;

bool separates(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',' || c == ';' || c == '"' || c == '\'' ||
           c == '<' || c == '>' || c == '(' || c == ')' || c == '|';
}

/// The domain of one word of the text, or nothing.
std::optional<std::string> domain_of(std::string_view word) {
    if (const std::size_t at = word.rfind('@'); at != std::string_view::npos) word.remove_prefix(at + 1);
    if (const std::size_t scheme = word.find("://"); scheme != std::string_view::npos)
        word = word.substr(scheme + 3);
    word = word.substr(0, word.find('/'));
    while (!word.empty() && (word.back() == '.' || word.back() == ':'))
        word.remove_suffix(1);
    if (word.find('.') == std::string_view::npos) return std::nullopt;
    const auto host = names::to_host_name(word);
    if (!host || host->is_literal()) return std::nullopt;
    return host->text();
}

}  // namespace

std::vector<std::string> domains_in(std::string_view text) {
    std::vector<std::string> domains;
    std::unordered_set<std::string> known;
    std::size_t at = 0;
    while (at < text.size() && domains.size() < most_domains) {
        while (at < text.size() && separates(text[at]))
            ++at;
        std::size_t end = at;
        while (end < text.size() && !separates(text[end]))
            ++end;
        if (auto domain = domain_of(text.substr(at, end - at)); domain && known.insert(*domain).second)
            domains.push_back(std::move(*domain));
        at = end;
    }
    return domains;
}

void ValidateModel::set_domains(const std::vector<std::string>& domains) {
    clear();
    rows_.reserve(domains.size());
    for (const std::string& domain : domains)
        rows_.push_back({.domain = domain});
    refresh();
}

void ValidateModel::clear() {
    job_.reset();
    rows_.clear();
    shown_.clear();
    complaint_.clear();
    done_ = problems_ = 0;
}

std::string ValidateModel::start(const doctor::Options& options, Language language) {
    std::vector<HostName> domains;
    for (const DomainRow& row : rows_)
        domains.push_back(*HostName::from(row.domain));
    if (domains.empty()) return {};
    auto job = DomainsJob::start(std::move(domains), options, language, wake_);
    if (!job) return std::move(job).error();
    job_ = std::move(*job);
    return {};
}

void ValidateModel::cancel() {
    if (job_) job_->cancel();
}

bool ValidateModel::poll(Language language) {
    if (!job_) return false;
    DomainsNews news = job_->take();
    for (const std::size_t position : news.started)
        rows_[position].state = RowState::running;
    for (auto& [position, validation] : news.finished)
        put(position, std::move(validation), language);
    if (news.ended) {
        job_.reset();
        for (DomainRow& row : rows_)
            if (row.state == RowState::running) row.state = RowState::waiting;
        if (!news.fault.empty()) complaint_ = say::own_fault.in(language) + news.fault;
    }
    if (news.started.empty() && news.finished.empty() && !news.ended) return false;
    refresh();
    return true;
}

void ValidateModel::put(std::size_t position, Validation validation, Language language) {
    const Report& report = validation.report;
    DomainRow& row = rows_[position];
    row.state = RowState::done;
    row.verdict = report.verdict;
    row.settings = report.settings.incoming.size() + report.settings.outgoing.size();
    row.questions = report.observations.size();
    row.took = report.duration;
    row.warnings =
        static_cast<std::size_t>(std::ranges::count(report.findings, Severity::warning, &Finding::severity));
    const auto primary = std::ranges::find_if(report.findings, &Finding::primary);
    if (primary != report.findings.end()) {
        row.primary = report::cleaned(primary->title);
        row.actor = report::actor_phrase(primary->actor, true, language);
    }
    ++done_;
    if (report.verdict == Verdict::problem) ++problems_;
    if (done_ > most_whole) validation.report.observations.clear();
    row.validation = std::make_shared<const Validation>(std::move(validation));
}

void ValidateModel::sort_by(Column column, bool ascending) {
    column_ = column;
    ascending_ = ascending;
    sorted_ = true;
    order();
}

void ValidateModel::refresh() {
    shown_.clear();
    const std::string wanted = upper_case(filter);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        const DomainRow& row = rows_[i];
        if (wanted.empty() || upper_case(row.domain).find(wanted) != std::string::npos ||
            upper_case(row.primary).find(wanted) != std::string::npos)
            shown_.push_back(static_cast<std::uint32_t>(i));
    }
    order();
}

void ValidateModel::order() {
    if (!sorted_) return;
    const auto by = [&](auto key) {
        std::ranges::sort(shown_, [&](std::uint32_t a, std::uint32_t b) {
            const auto left = key(rows_[a]), right = key(rows_[b]);
            if (left == right) return a < b;
            return ascending_ ? left < right : right < left;
        });
    };
    switch (column_) {
        case Column::domain:
            return by([](const DomainRow& r) { return std::string_view(r.domain); });
        case Column::state:
            return by([](const DomainRow& r) {
                return std::pair(r.state != RowState::done, r.verdict != Verdict::problem);
            });
        case Column::primary:
            return by([](const DomainRow& r) { return std::string_view(r.primary); });
        case Column::actor:
            return by([](const DomainRow& r) { return std::string_view(r.actor); });
        case Column::warnings:
            return by([](const DomainRow& r) { return r.warnings; });
        case Column::settings:
            return by([](const DomainRow& r) { return r.settings; });
        case Column::questions:
            return by([](const DomainRow& r) { return r.questions; });
        case Column::took:
        case Column::count:
            return by([](const DomainRow& r) { return r.took; });
    }
}

std::string ValidateModel::written(report::ValidationFormat format, Language language) const {
    const auto writer = report::validation_writer(
        format, {.text = {.language = std::string(report::tag_of(language))}, .many = true});
    std::string out = writer->begin();
    for (const std::uint32_t position : shown_)
        if (rows_[position].validation) out += writer->one(*rows_[position].validation);
    return out + writer->end();
}

const char* words_for(const DomainRow& row, Language language) {
    if (row.state == RowState::waiting) return say::waiting.in(language);
    if (row.state == RowState::running) return say::running.in(language);
    return row.verdict == Verdict::ok        ? say::ok.in(language)
           : row.verdict == Verdict::problem ? say::problem.in(language)
                                             : say::inconclusive.in(language);
}

}  // namespace maildoctor::gui
