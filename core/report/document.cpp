#include "core/report/document.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <set>

#include "core/report/checked.h"
#include "core/report/clean.h"
#include "core/report/panels.h"
#include "core/report/publication_blocks.h"
#include "core/report/survey_blocks.h"
#include "core/report/times.h"

namespace maildoctor::report {
namespace {

Mark mark_of(Severity severity) {
    switch (severity) {
        case Severity::error:
            return Mark::problem;
        case Severity::warning:
            return Mark::warning;
        case Severity::info:
            break;
    }
    return Mark::note;
}

/// Builds one document from one report.
class Composer {
public:
    Composer(const Report& report, const ComposeOptions& options) : report_(report), options_(options) {
        if (options.redact) known_ = known_addresses(report);
    }

    Document compose() {
        document_.language = options_.language;
        verdict();
        for (std::size_t i = 0; i < report_.findings.size(); ++i)
            if (report_.findings[i].severity == Severity::error && root_of(i) == i) full_finding(i);
        short_findings();
        if (options_.instead_of_settings.empty())
            settings();
        else
            std::ranges::move(options_.instead_of_settings, std::back_inserter(document_.blocks));
        for (Block& block :
             publication_blocks(report_, options_.language, options_.verbose || options_.files))
            document_.blocks.push_back(std::move(block));
        panel(Phrase::relay_asked, relay_rows(report_, options_.language));
        panel(Phrase::limits, limit_rows(report_, options_.language));
        for (Block& block : survey_blocks(report_, options_.language))
            document_.blocks.push_back(std::move(block));
        if (report_.verdict == Verdict::inconclusive) not_tested();  // there it is the answer
        checked();
        if (report_.verdict != Verdict::inconclusive) not_tested();
        remarks();
        vantage();
        return std::move(document_);
    }

private:
    std::string_view say(Phrase which) const { return phrase(which, options_.language); }
    std::string evidence_text(std::string_view text) const {
        return options_.redact ? redacted(text, known_) : cleaned(text);
    }
    /// The error that the finding follows from in the end; the finding itself when it stands alone, or when
    /// the way up leads in a circle, out of the list or to something that is no error.
    std::size_t root_of(std::size_t index) const {
        std::size_t at = index;
        for (std::size_t steps = 0; steps <= report_.findings.size(); ++steps) {
            const auto up = report_.findings[at].consequence_of;
            if (!up) return report_.findings[at].severity == Severity::error ? at : index;
            if (*up >= report_.findings.size()) return index;
            at = *up;
        }
        return index;
    }

    Block& add(Block::Kind kind, std::string text = {}) {
        document_.blocks.push_back({.kind = kind, .text = std::move(text)});
        return document_.blocks.back();
    }
    void heading(Phrase which) { add(Block::Kind::heading, std::string(say(which))); }

    void verdict() {
        Phrase which = Phrase::verdict_inconclusive;
        Mark mark = Mark::unknown;
        if (report_.verdict == Verdict::problem) {
            which = Phrase::verdict_problem;
            mark = Mark::problem;
        } else if (report_.verdict == Verdict::ok) {
            const bool remarks = std::ranges::any_of(
                report_.findings, [](const Finding& f) { return f.severity == Severity::warning; });
            which = remarks ? Phrase::verdict_ok_with_remarks : Phrase::verdict_ok;
            if (report_.request.relay.server) which = relay_phrase(report_);
            mark = Mark::good;
        }
        std::string about;
        if (report_.request.email)
            about = cleaned(report_.request.email->text());
        else if (report_.request.domain)
            about = report_.request.domain->text();
        else if (report_.request.incoming)
            about = report_.request.incoming->host.text();
        else if (report_.request.outgoing)
            about = report_.request.outgoing->host.text();
        else if (report_.request.relay.server)
            about = report_.request.relay.server->host.text();
        document_.title = about.empty() ? std::string(say(which)) : fmt::format("{}: {}", about, say(which));
        add(Block::Kind::verdict, document_.title).mark = mark;
    }

    void finding_head(const Finding& finding) {
        Block& head = add(Block::Kind::finding,
                          cleaned(finding.title.empty() ? cause_meaning(finding.cause) : finding.title));
        head.mark = mark_of(finding.severity);
        head.label = severity_phrase(finding.severity, options_.language);
        const std::string subject = subject_text(finding.subject, options_.language);
        if (!subject.empty()) add(Block::Kind::subject, subject);
        if (!finding.explanation.empty()) add(Block::Kind::paragraph, cleaned(finding.explanation));
    }

    void full_finding(std::size_t index) {
        const Finding& finding = report_.findings[index];
        finding_head(finding);
        reasons(finding);
        for (const Audience audience : {Audience::user, Audience::helpdesk, Audience::operator_})
            steps(finding, audience);
        add(Block::Kind::paragraph,
            fmt::format("{}: {}", say(Phrase::who_acts),
                        actor_phrase(finding.actor, report_.request.for_someone_else, options_.language)));
        consequences(index);
        if (options_.verbose && !finding.references.empty()) {
            heading(Phrase::references);
            Block& list = add(Block::Kind::bullets);
            for (const std::string& reference : finding.references)
                list.items.push_back({.text = cleaned(reference)});
        }
    }

    void reasons(const Finding& finding) {
        add(Block::Kind::heading, fmt::format("{} ({})", say(Phrase::why),
                                              confidence_phrase(finding.confidence, options_.language)));
        Block& list = add(Block::Kind::bullets);
        for (const Evidence& evidence : finding.evidence)
            list.items.push_back({.label = cleaned(evidence_phrase(evidence.kind, options_.language)),
                                  .text = evidence_text(evidence.text),
                                  .verbatim = true});
        if (!options_.verbose || finding.why.empty()) return;
        heading(Phrase::reasons);
        Block& usual = add(Block::Kind::bullets);
        for (const std::string& reason : finding.why)
            usual.items.push_back({.text = cleaned(reason)});
    }

    /// In short the user's steps and those of whoever must act; everybody's when there is room for it.
    bool wants(const Finding& finding, Audience audience) const {
        if (report_.request.domain) return options_.verbose || audience == Audience::operator_;
        if (options_.verbose || audience == Audience::user) return true;
        const Actor actor = finding.actor;
        if (audience == Audience::helpdesk)
            return report_.request.for_someone_else || actor == Actor::provider;
        return actor == Actor::operator_ || actor == Actor::network;
    }

    void steps(const Finding& finding, Audience audience) {
        constexpr std::array headings = {Phrase::what_to_do, Phrase::for_helpdesk, Phrase::for_operator};
        std::vector<Item> items;
        for (const Fix& fix : finding.fixes)
            if (fix.audience == audience)
                for (const std::string& step : fix.steps)
                    items.push_back({.text = cleaned(step)});
        if (items.empty()) return;
        if (!wants(finding, audience)) {
            left_out_ = true;
            return;
        }
        heading(headings[static_cast<std::size_t>(audience)]);
        std::string all;
        for (const Item& item : items)
            all += item.text + '\n';
        if (shown_steps_.insert(std::move(all)).second)
            add(Block::Kind::steps).items = std::move(items);
        else
            add(Block::Kind::paragraph, std::string(say(Phrase::as_above)));
    }

    void consequences(std::size_t index) {
        std::vector<Item> items;
        for (std::size_t i = 0; i < report_.findings.size(); ++i) {
            if (i == index || root_of(i) != index) continue;
            const Finding& finding = report_.findings[i];
            const std::string subject = subject_text(finding.subject, options_.language);
            items.push_back({.text = cleaned(finding.title) + (subject.empty() ? "" : " – " + subject)});
        }
        if (items.empty()) return;
        heading(Phrase::consequences);
        add(Block::Kind::bullets).items = std::move(items);
    }

    void short_findings() {
        bool first = true;
        for (const Severity severity : {Severity::warning, Severity::info}) {
            for (std::size_t i = 0; i < report_.findings.size(); ++i) {
                const Finding& finding = report_.findings[i];
                if (finding.severity != severity || root_of(i) != i) continue;
                if (first) heading(Phrase::also_found);
                first = false;
                finding_head(finding);
                if (severity == Severity::info && !options_.verbose) continue;
                short_fix(finding);
            }
        }
    }

    /// Of a warning: whom it concerns and the evidence, on two or three lines.
    void short_fix(const Finding& finding) {
        Block& list = add(Block::Kind::bullets);
        for (const Evidence& evidence : finding.evidence)
            list.items.push_back({.label = cleaned(evidence_phrase(evidence.kind, options_.language)),
                                  .text = evidence_text(evidence.text),
                                  .verbatim = true});
        const auto fix = std::ranges::find_if(finding.fixes, [&](const Fix& f) {
            return f.audience == (finding.actor == Actor::user ? Audience::user : Audience::operator_);
        });
        if (fix != finding.fixes.end() && !fix->steps.empty())
            list.items.push_back({.label = std::string(actor_phrase(
                                      finding.actor, report_.request.for_someone_else, options_.language)),
                                  .text = cleaned(fix->steps.front())});
    }

    void panel(Phrase title, std::vector<std::vector<std::string>> rows) {
        if (rows.empty()) return;
        heading(title);
        add(Block::Kind::table).rows = std::move(rows);
    }

    void settings() {
        if (report_.request.relay.server) return;
        const bool any = !report_.settings.incoming.empty() || !report_.settings.outgoing.empty();
        if (!any && report_.verdict != Verdict::problem) return;
        heading(Phrase::works);
        if (!any) {
            add(Block::Kind::paragraph, std::string(say(Phrase::nothing_works)));
            return;
        }
        Block& table = add(Block::Kind::table);
        table.rows.push_back({""});
        for (const Phrase column :
             {Phrase::protocol, Phrase::server, Phrase::port, Phrase::encryption, Phrase::user_name})
            table.rows.front().emplace_back(say(column));
        setting_rows(table, report_.settings.incoming, Phrase::receive);
        setting_rows(table, report_.settings.outgoing, Phrase::send);
        if (std::ranges::all_of(table.rows | std::views::drop(1),
                                [](const auto& row) { return row.back().empty(); }))
            for (auto& row : table.rows)
                row.pop_back();  // no user name to tell
    }

    void setting_rows(Block& table, const std::vector<ServerSetting>& settings, Phrase label) {
        constexpr std::size_t shown = 3;
        std::size_t count = 0;
        for (const ServerSetting& setting : settings) {
            if (!options_.verbose && ++count > shown) break;
            table.rows.push_back({std::string(say(label)), std::string(protocol_name(setting.protocol)),
                                  setting.host.text(), std::to_string(setting.port.number()),
                                  std::string(security_phrase(setting.security, options_.language)),
                                  cleaned(setting.username.value_or(""))});
        }
    }

    void checked() {
        std::vector<Item> items = options_.verbose ? every_observation(report_, options_.language)
                                                   : checked_in_short(report_, options_.language);
        if (items.empty()) return;
        for (Item& item : items)
            item.text = evidence_text(item.text);
        heading(options_.verbose ? Phrase::details : Phrase::checked);
        add(Block::Kind::bullets).items = std::move(items);
    }

    void not_tested() {
        if (report_.not_tested.empty()) return;
        heading(Phrase::not_tested);
        Block& list = add(Block::Kind::bullets);
        for (const NotTested& entry : report_.not_tested)
            list.items.push_back({.label = cleaned(entry.what), .text = evidence_text(entry.because)});
    }

    void remarks() {
        if (options_.verbose && !report_.told.empty()) {
            heading(Phrase::told);
            Block& list = add(Block::Kind::bullets);
            for (const Told& told : report_.told)
                list.items.push_back({.label = cleaned(told.who), .text = evidence_text(told.what)});
        }
        if (report_.notes.empty()) return;
        heading(Phrase::notes);
        Block& list = add(Block::Kind::bullets);
        for (const std::string& note : report_.notes)
            list.items.push_back({.text = evidence_text(note)});
    }

    void vantage() {
        const bool other = report_.request.for_someone_else;
        if (other) {
            heading(Phrase::other_side);
            add(Block::Kind::bullets).items = {{.text = std::string(say(Phrase::other_side_network))},
                                               {.text = std::string(say(Phrase::other_side_computer))}};
            add(Block::Kind::paragraph, std::string(say(Phrase::other_side_ask)));
        }
        add(Block::Kind::paragraph, std::string(say(other ? Phrase::vantage_other : Phrase::vantage_here)));
        add(Block::Kind::paragraph, fmt::format("{}, {} {}, {} {}.", readable_time(report_.started),
                                                say(Phrase::took), readable_duration(report_.duration),
                                                say(Phrase::measured_by), cleaned(report_.version)));
        if (left_out_) add(Block::Kind::paragraph, std::string(say(Phrase::more_with_verbose)));
    }

    const Report& report_;
    ComposeOptions options_;
    std::set<std::string> known_;
    std::set<std::string> shown_steps_;
    bool left_out_{false};
    Document document_;
};

}  // namespace

Document compose(const Report& report, const ComposeOptions& options) {
    return Composer(report, options).compose();
}

std::string subject_text(const Subject& subject, Language language) {
    std::string out;
    if (subject.protocol) out += protocol_name(*subject.protocol);
    const std::string address = subject.address ? subject.address->text() : std::string();
    const std::string host = subject.host ? cleaned(*subject.host) : std::string();
    std::string place = host.empty() ? address : host;
    if (subject.port) {
        const bool brackets = place.find(':') != std::string::npos;
        place =
            fmt::format("{}{}{}:{}", brackets ? "[" : "", place, brackets ? "]" : "", subject.port->number());
    }
    if (!place.empty()) out += (out.empty() ? "" : " ") + place;
    if (!host.empty() && !address.empty() && host != address) out += fmt::format(" [{}]", address);
    if (subject.security == Security::none)
        out += fmt::format(" ({})", phrase(Phrase::no_encryption, language));
    else if (subject.security)
        out += fmt::format(" ({})", security_phrase(*subject.security, language));
    return out;
}

}  // namespace maildoctor::report
