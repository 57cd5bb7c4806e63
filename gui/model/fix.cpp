#include "gui/model/fix.h"

#include <algorithm>
#include <utility>

#include "core/knowledge/texts.h"
#include "core/report/clean.h"
#include "core/report/document.h"
#include "core/report/render.h"
#include "core/report/times.h"

namespace maildoctor::gui {
namespace {

using report::cleaned;

/// New steps keep the ticks of old ones at the same place: the same steps told for another program or
/// language.
void put_steps(std::vector<TickStep>& into, const std::vector<std::string>& texts, bool keep_ticks) {
    keep_ticks = keep_ticks && into.size() == texts.size();
    into.resize(texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i)
        into[i] = {.text = cleaned(texts[i]), .done = keep_ticks && into[i].done};
}

std::vector<std::string> steps_for(const std::vector<Fix>& fixes, Audience audience) {
    const auto at = std::ranges::find(fixes, audience, &Fix::audience);
    return at == fixes.end() ? std::vector<std::string>{} : at->steps;
}

/// The message of one finding: that of a report in which it stands alone.
std::string message_about(const Report& report, const Finding& finding, Language language) {
    Report alone;
    alone.version = report.version;
    alone.started = report.started;
    alone.request = report.request;
    alone.verdict = Verdict::problem;
    alone.observations = report.observations;
    alone.findings.push_back(finding);
    alone.findings.front().primary = true;
    alone.findings.front().consequence_of.reset();
    if (auto message = report::render_message(alone, report::tag_of(language))) return std::move(*message);
    return report::render_steps(cleaned(finding.title), steps_for(finding.fixes, Audience::user));
}

FindingCard card_of(const Report& report, const Finding& finding, Language language) {
    FindingCard card{
        .title = cleaned(finding.title),
        .subject = report::subject_text(finding.subject, language),
        .explanation = cleaned(finding.explanation),
        .severity = finding.severity,
        .primary = finding.primary,
        .actor = std::string(report::actor_phrase(finding.actor, report.request.for_someone_else, language)),
        .message = message_about(report, finding, language)};
    for (const Evidence& evidence : finding.evidence)
        card.seen.push_back(std::string(report::evidence_phrase(evidence.kind, language)) + ": " +
                            cleaned(evidence.text));
    card.steps =
        steps_for(finding.fixes, finding.actor == Actor::user ? Audience::user : Audience::operator_);
    if (card.steps.empty()) card.steps = steps_for(finding.fixes, Audience::helpdesk);
    return card;
}

const MatrixRow* row_of(const Matrix& matrix, const std::string& place) {
    const auto at =
        std::ranges::find_if(matrix.rows(), [&](const MatrixRow& r) { return r.place() == place; });
    return at == matrix.rows().end() ? nullptr : &*at;
}

std::string told(const Cell& cell, Language language) {
    std::string text = words_for(cell.state, language);
    return cell.summary.empty() ? text : text + " (" + cell.summary + ")";
}

void compare_rows(const MatrixRow& before, const MatrixRow& after, Language language,
                  std::vector<Change>& changes) {
    for (std::size_t i = 0; i < step_count; ++i) {
        const Cell& old_cell = before.cells[i];
        const Cell& new_cell = after.cells[i];
        if (old_cell.state == new_cell.state || new_cell.state == CellState::not_asked ||
            old_cell.state == CellState::not_asked)
            continue;
        changes.push_back({.what = before.place() + ", " + words_for(static_cast<Step>(i), language),
                           .before = told(old_cell, language),
                           .after = told(new_cell, language),
                           .better = new_cell.state == CellState::good});
    }
}

void compare_findings(const Report& before, const Report& after, Language language,
                      std::vector<Change>& changes) {
    const auto has = [](const Report& report, const Finding& finding) {
        return std::ranges::any_of(report.findings, [&](const Finding& f) {
            return f.cause == finding.cause && f.subject.host == finding.subject.host &&
                   f.subject.port == finding.subject.port;
        });
    };
    for (const Finding& finding : before.findings) {
        if (finding.severity != Severity::error) continue;
        const bool stays = has(after, finding);
        changes.push_back({.what = cleaned(finding.title),
                           .before = std::string(report::severity_phrase(finding.severity, language)),
                           .after = stays ? say::still.in(language) : say::gone.in(language),
                           .better = !stays});
    }
    for (const Finding& finding : after.findings)
        if (finding.severity == Severity::error && !has(before, finding))
            changes.push_back({.what = cleaned(finding.title), .after = say::appeared.in(language)});
}

/// The server of a finding as something that can be asked again.
std::optional<ServerSetting> server_of(const Subject& subject) {
    const auto host = subject.host ? HostName::from(*subject.host) : std::nullopt;
    if (!host || !subject.port || !subject.protocol) return std::nullopt;
    return ServerSetting{.protocol = *subject.protocol,
                         .host = *host,
                         .port = *subject.port,
                         .security = subject.security.value_or(Security::starttls),
                         .source = "typed"};
}

}  // namespace

void FixModel::clear() {
    const std::string kept = program;
    *this = {};
    program = kept;
}

void FixModel::tell_guide(const report::GuideValues& values, Language language) {
    guide_name_.clear();
    const auto guide =
        program.empty() ? std::nullopt
                        : report::guide_for(knowledge::built_in(), program, values, report::tag_of(language));
    if (!guide) {
        guide_steps_.clear();
        return;
    }
    guide_name_ = guide->program;
    put_steps(guide_steps_, guide->steps, true);
}

void FixModel::from_report(const Report& report, Language language) {
    const bool same_run = report_ && report_->started == report.started;
    report_ = report;
    ticket_.clear();
    findings_.clear();
    const auto primary = std::ranges::find_if(report.findings, &Finding::primary);
    const Finding* first = primary != report.findings.end() ? &*primary
                           : report.findings.empty()        ? nullptr
                                                            : &report.findings.front();
    title_ = first != nullptr ? cleaned(first->title) : say::all_well.in(language);
    meaning_ = first != nullptr ? cleaned(first->explanation) : std::string();
    put_steps(steps_, first != nullptr ? steps_for(first->fixes, Audience::user) : std::vector<std::string>{},
              same_run);
    for (const Finding& finding : report.findings)
        findings_.push_back(card_of(report, finding, language));
    report::GuideValues values;
    if (report.request.email) values.email = report.request.email->text();
    if (!report.settings.incoming.empty()) values.incoming = report.settings.incoming.front();
    if (!report.settings.outgoing.empty()) values.outgoing = report.settings.outgoing.front();
    tell_guide(values, language);
}

void FixModel::from_paste(const PasteModel& paste, Language language) {
    clear();
    if (!paste.has_answer() || !paste.said().known) return;
    const report::Explanation& said = paste.said();
    title_ = said.text.title;
    meaning_ = said.text.meaning;
    put_steps(steps_, steps_for(said.text.fixes, Audience::user), false);
    ticket_ = paste.ticket(language);
    FindingCard card{
        .title = title_,
        .explanation = meaning_,
        .primary = true,
        .actor = std::string(report::actor_phrase(said.text.actor, true, language)),
        .steps = steps_for(said.text.fixes,
                           said.text.actor == Actor::user ? Audience::user : Audience::operator_)};
    card.message = report::render_steps(title_, card.steps);
    findings_.push_back(std::move(card));
    tell_guide({.email = paste.clues().fields.address.value_or("")}, language);
}

void FixModel::compare(const Report& before, const Report& after, Language language) {
    changes_ = changes_between(before, after, language);
    compared_ = true;
}

std::string FixModel::for_customer() const {
    const auto texts = [](const std::vector<TickStep>& steps) {
        std::vector<std::string> out;
        for (const TickStep& step : steps)
            out.push_back(step.text);
        return out;
    };
    std::string out;
    if (!steps_.empty()) out = report::render_steps(title_, texts(steps_));
    if (!guide_steps_.empty())
        out += (out.empty() ? "" : "\n") + report::render_steps(guide_name_, texts(guide_steps_));
    return out;
}

std::string FixModel::ticket(Language language) const {
    return report_ ? report::render_markdown(*report_, report::tag_of(language)) : ticket_;
}

std::string FixModel::html(Language language) const {
    return report_ ? report::render_html(*report_, report::tag_of(language)) : std::string();
}

std::string FixModel::json() const {
    return report_ ? report::render_json(*report_) : std::string();
}

std::string FixModel::file_stem() const {
    std::string about = "text";
    if (report_ && report_->request.email) about = report_->request.email->domain.text();
    if (report_ && !report_->request.email && report_->request.incoming)
        about = report_->request.incoming->host.text();
    const std::string day = report_ ? report::rfc3339(report_->started).substr(0, 10) : today();
    return "maildoctor-" + about + "-" + day;
}

std::optional<Request> FixModel::repetition() const {
    if (!report_ || report_->verdict == Verdict::ok) return std::nullopt;
    Request request = report_->request;
    std::optional<ServerSetting> incoming, outgoing;
    for (const Finding& finding : report_->findings) {
        if (finding.severity != Severity::error) continue;
        const auto server = server_of(finding.subject);
        if (!server) return report_->request;  // a name, a domain: only the whole check tells
        if (finding.subject.role == Role::mx) return report_->request;
        auto& side = role_of(server->protocol) == Role::incoming ? incoming : outgoing;
        if (!side) side = server;
    }
    if (!incoming && !outgoing) return report_->request;
    request.incoming = incoming;
    request.outgoing = outgoing;
    request.only_typed = true;
    return request;
}

std::vector<Change> changes_between(const Report& before, const Report& after, Language language) {
    std::vector<Change> changes;
    compare_findings(before, after, language, changes);
    const Matrix old_matrix = matrix_of(before, language), new_matrix = matrix_of(after, language);
    for (const MatrixRow& row : old_matrix.rows()) {
        const MatrixRow* now = row_of(new_matrix, row.place());
        if (now != nullptr) compare_rows(row, *now, language, changes);
    }
    return changes;
}

}  // namespace maildoctor::gui
