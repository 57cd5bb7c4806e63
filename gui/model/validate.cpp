#include "gui/model/validate.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <unordered_set>

#include "core/model/text.h"
#include "core/names/names.h"
#include "core/report/clean.h"
#include "core/report/json_writer.h"
#include "core/report/render.h"

namespace maildoctor::gui {
namespace {

constexpr std::size_t side_by_side = 8;

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

std::string quoted(std::string_view text) {
    std::string out = "\"";
    // A cell that begins like a formula would be run by spreadsheet programs.
    if (!text.empty() && std::string_view("=+-@\t").find(text.front()) != std::string_view::npos) out += '\'';
    for (const char c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    return out + "\"";
}

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '&')
            out += "&amp;";
        else if (c == '"')
            out += "&quot;";
        else
            out += c;
    }
    return out;
}

std::array<std::string, column_count> cells_of(const DomainRow& row, Language language) {
    return {row.domain,
            words_for(row, language),
            row.primary,
            row.actor,
            std::to_string(row.warnings),
            std::to_string(row.settings),
            std::to_string(row.questions),
            std::to_string(row.took.count())};
}

std::array<const char*, column_count> heads_in(Language language) {
    return {say::domain.in(language),   say::result.in(language),   say::main_cause.in(language),
            say::who_acts.in(language), say::warnings.in(language), say::settings_found.in(language),
            say::checks.in(language),   say::took.in(language)};
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
    cancel();
    jobs_.clear();
    rows_.clear();
    shown_.clear();
    next_ = done_ = problems_ = 0;
    running_ = false;
}

void ValidateModel::start(const doctor::Options& options, Language language) {
    options_ = options;
    next_ = 0;
    running_ = true;
    start_more(language);
}

void ValidateModel::start_more(Language language) {
    while (running_ && jobs_.size() < side_by_side && next_ < rows_.size()) {
        const std::size_t position = next_++;
        DomainRow& row = rows_[position];
        const auto domain = HostName::from(row.domain);
        if (row.state == RowState::done || !domain) continue;
        auto job = Job::validate({.local = "postmaster", .domain = *domain}, options_, language, wake_);
        if (!job) {
            row.state = RowState::done;
            row.primary = job.error();
            ++done_;
            continue;
        }
        row.state = RowState::running;
        jobs_.push_back({position, std::move(*job)});
    }
    if (jobs_.empty() && next_ >= rows_.size()) running_ = false;
}

void ValidateModel::cancel() {
    running_ = false;
    next_ = rows_.size();
    for (Running& running : jobs_)
        running.job->cancel();
}

bool ValidateModel::poll(Language language) {
    bool changed = false;
    for (Running& running : jobs_) {
        News news = running.job->take();
        if (news.report) {
            put(running.position, std::move(*news.report), language);
        } else if (!news.fault.empty()) {
            rows_[running.position].state = RowState::done;
            rows_[running.position].primary = say::own_fault.in(language) + news.fault;
            ++done_;
        } else {
            continue;
        }
        running.job.reset();
        changed = true;
    }
    if (!changed) return false;
    std::erase_if(jobs_, [](const Running& running) { return running.job == nullptr; });
    start_more(language);
    refresh();
    return true;
}

void ValidateModel::put(std::size_t position, Report report, Language language) {
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
    row.report = std::make_shared<const Report>(std::move(report));
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

std::string ValidateModel::csv(Language language) const {
    std::string out;
    const auto line = [&](const auto& cells) {
        for (std::size_t i = 0; i < cells.size(); ++i)
            out += (i > 0 ? "," : "") + quoted(cells[i]);
        out += "\r\n";  // RFC 4180
    };
    line(heads_in(language));
    for (const std::uint32_t position : shown_)
        line(cells_of(rows_[position], language));
    return out;
}

std::string ValidateModel::json() const {
    std::string out = "[";
    for (const std::uint32_t position : shown_) {
        const DomainRow& row = rows_[position];
        if (!row.report) continue;
        out += out.size() > 1 ? ",\n" : "\n";
        out += trimmed(report::render_json(*row.report));
    }
    return out + "\n]\n";
}

std::string ValidateModel::html(Language language) const {
    std::string out =
        "<!DOCTYPE html>\n<html lang=\"" + std::string(report::tag_of(language)) +
        "\"><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
        "'none'; "
        "style-src 'unsafe-inline'\"><title>maildoctor</title><style>body{font:16px sans-serif;margin:2em}"
        "table{border-collapse:collapse}td,th{padding:.3em .8em;border-bottom:1px solid "
        "#bbb;text-align:left}</style>"
        "</head><body><table><tr>";
    for (const char* head : heads_in(language))
        out += "<th>" + escaped(head) + "</th>";
    out += "</tr>\n";
    for (const std::uint32_t position : shown_) {
        out += "<tr>";
        for (const std::string& cell : cells_of(rows_[position], language))
            out += "<td>" + escaped(report::cleaned(cell)) + "</td>";
        out += "</tr>\n";
    }
    return out + "</table></body></html>\n";
}

const char* words_for(const DomainRow& row, Language language) {
    if (row.state == RowState::waiting) return say::waiting.in(language);
    if (row.state == RowState::running) return say::running.in(language);
    return row.verdict == Verdict::ok        ? say::ok.in(language)
           : row.verdict == Verdict::problem ? say::problem.in(language)
                                             : say::inconclusive.in(language);
}

}  // namespace maildoctor::gui
