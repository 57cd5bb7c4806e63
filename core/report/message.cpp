// A ready text for whoever must act.
#include <fmt/format.h>

#include <algorithm>

#include "core/report/clean.h"
#include "core/report/document.h"
#include "core/report/layout.h"
#include "core/report/render.h"
#include "core/report/times.h"

namespace maildoctor::report {
namespace {

constexpr std::size_t mail_width = 72;  // RFC 5322 section 2.1.1 asks for at most 78

/// What the reader of the message can do: an operator and a network's keeper get the operator's steps,
/// support both.
std::vector<std::string> steps_for(const Finding& finding) {
    std::vector<std::string> steps;
    for (const Audience audience : {Audience::operator_, Audience::helpdesk}) {
        for (const Fix& fix : finding.fixes)
            if (fix.audience == audience) steps.insert(steps.end(), fix.steps.begin(), fix.steps.end());
        if (!steps.empty() && finding.actor != Actor::provider) break;
    }
    return steps;
}

}  // namespace

std::optional<std::string> render_message(const Report& report, std::string_view language_tag) {
    const auto primary = std::ranges::find_if(report.findings, &Finding::primary);
    if (report.verdict != Verdict::problem || primary == report.findings.end() ||
        primary->actor == Actor::user)
        return std::nullopt;
    const Language language = language_from(language_tag);
    const auto say = [&](Phrase which) { return phrase(which, language); };
    const auto known = known_addresses(report);
    const std::string account = report.request.email ? cleaned(report.request.email->text()) : std::string();
    const std::string title = cleaned(primary->title);

    std::string out = account.empty()
                          ? title + "\n\n"
                          : fmt::format("{} {}: {}\n\n", say(Phrase::message_subject), account, title);
    out += fmt::format("{}\n\n", say(Phrase::message_greeting));
    out += wrapped(fmt::format("{} {}", say(Phrase::message_problem), title), mail_width, "", "");
    const std::string subject = subject_text(primary->subject, language);
    if (!subject.empty()) out += wrapped(subject, mail_width, "  ", "  ");
    if (!primary->explanation.empty()) out += wrapped(cleaned(primary->explanation), mail_width, "\n", "");
    out += fmt::format("\n{}\n", say(Phrase::message_seen));
    for (const Evidence& evidence : primary->evidence)
        out += wrapped(fmt::format("{}: {}", cleaned(evidence_phrase(evidence.kind, language)),
                                   redacted(evidence.text, known)),
                       mail_width, "- ", "  ");
    const std::vector<std::string> steps = steps_for(*primary);
    if (!steps.empty()) out += fmt::format("\n{}\n", say(Phrase::message_help));
    for (const std::string& step : steps)
        out += wrapped(cleaned(step), mail_width, "- ", "  ");
    out += wrapped(fmt::format("{}; {} {}.", readable_time(report.started), say(Phrase::measured_by),
                               cleaned(report.version)),
                   mail_width, "\n", "");
    return out + fmt::format("\n{}\n", say(Phrase::message_closing));
}

}  // namespace maildoctor::report
