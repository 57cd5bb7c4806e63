#include "core/diagnose/survey.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>

#include "core/diagnose/evidence.h"

namespace maildoctor::diagnose {
namespace {

constexpr int short_dh = 2048;  // bits, RFC 9325 section 4.3
constexpr std::size_t named_ciphers = 6;

void add(Draft& draft, const Observation& seen, std::string words) {
    draft.evidence.push_back({.kind = "tls", .text = place(seen.subject) + ": " + std::move(words)});
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : ", ") + word;
    return text;
}

/// "SSL 3, TLS 1.0 and TLS 1.1"
std::string enumerated(const std::vector<std::string>& words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i)
        text += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
    return text;
}

std::string old_versions(const TlsSurvey& survey) {
    std::vector<std::string> names;
    for (const VersionSeen& version : survey.versions)
        if (version.offered == Answer::yes && version.version < TlsVersion::tls1_2)
            names.emplace_back(version_name(version.version));
    return enumerated(names);
}

/// The suites of this strength over all versions, each once.
/// @param anonymous also those without a certificate. Mail servers take them from other mail servers, which
///        encrypt rather than not; mail programs never offer them.
std::string ciphers_of(const TlsSurvey& survey, CipherStrength strength, bool anonymous) {
    std::vector<std::string> names;
    for (const VersionSeen& version : survey.versions) {
        for (const CipherSeen& cipher : version.ciphers) {
            if (!anonymous && cipher.name.find("_anon_") != std::string::npos) continue;
            if (cipher.strength == strength && std::ranges::find(names, cipher.name) == names.end())
                names.push_back(cipher.name);
        }
    }
    const std::size_t all = names.size();
    if (all <= named_ciphers) return joined(names);
    names.resize(named_ciphers);
    return fmt::format("{} and {} more", joined(names), all - named_ciphers);
}

/// What a server keeps for old programs beside what current ones use: a warning, never a fault.
void judge_leftovers(const Observation& seen, std::vector<Draft>& drafts) {
    const TlsSurvey& survey = *seen.survey;
    const VersionSeen* best = newest(survey);
    if (best == nullptr || best->version < TlsVersion::tls1_2) return;  // that is told as the fault it is
    const bool smtp = seen.subject.protocol == Protocol::smtp;
    Draft draft = draft_about(Cause::tls_weak, seen, "tls-leftovers");
    draft.severity = Severity::warning;
    draft.variant = "also-offered";
    if (const std::string old = old_versions(survey); !old.empty())
        add(draft, seen,
            fmt::format("{} {} offered beside {}", old, old.contains(" and ") ? "are" : "is",
                        version_name(best->version)));
    if (const std::string broken = ciphers_of(survey, CipherStrength::broken, !smtp); !broken.empty())
        add(draft, seen, "suites that protect nothing are offered: " + broken);
    if (const std::string weak = ciphers_of(survey, CipherStrength::weak, !smtp); !weak.empty())
        add(draft, seen, "weak suites are offered: " + weak);
    if (survey.dh_bits > 0 && survey.dh_bits < short_dh)
        add(draft, seen, fmt::format("the Diffie-Hellman group has {} bits only", survey.dh_bits));
    if (survey.compression == Answer::yes) add(draft, seen, "TLS compression is on (CRIME)");
    if (survey.secure_renegotiation == Answer::no)
        add(draft, seen, "renegotiation is not bound to the connection (RFC 5746)");
    if (!draft.evidence.empty()) drafts.push_back(std::move(draft));
}

/// Ids such as "outlook-2010" belong to "outlook" as well.
bool same_program(const std::string& asked, const std::string& known) {
    return !asked.empty() && (asked == known || asked.starts_with(known + "-"));
}

void judge_clients(const Observation& seen, const std::string& program, std::vector<Draft>& drafts) {
    Draft draft = draft_about(Cause::client_too_old, seen, "tls-clients");
    draft.severity = Severity::warning;
    draft.confidence = Confidence::possible;
    draft.variant = "turned-away";
    std::vector<std::string> names;
    for (const ClientTrial& trial : seen.survey->clients) {
        if (trial.connects != Answer::no || !same_program(program, trial.program)) continue;
        names.push_back(trial.name);
        add(draft, seen, trial_words(trial, *seen.survey));
    }
    if (names.empty()) return;
    draft.values["clients"] = joined(names);
    drafts.push_back(std::move(draft));
}

std::string lowest_version(const TlsSurvey& survey) {
    for (const VersionSeen& version : survey.versions | std::views::reverse)
        if (version.offered == Answer::yes && version.version >= TlsVersion::tls1_0)
            return std::string(version_name(version.version));
    return "another version";
}

}  // namespace

std::string trial_words(const ClientTrial& trial, const TlsSurvey& survey) {
    switch (trial.obstacle) {
        case Obstacle::version:
            return fmt::format("{} can't connect here: it offers {} only, the server wants {}{}", trial.name,
                               trial.best_version, lowest_version(survey),
                               trial.best_version < lowest_version(survey) ? " or newer" : "");
        case Obstacle::cipher:
            return fmt::format("{} can't connect here: none of its ciphers is offered", trial.name);
        case Obstacle::small_key:
        case Obstacle::large_key:
            return fmt::format("{} can't connect here: it does not take a {}", trial.name, trial.because);
        case Obstacle::other:
        case Obstacle::none:
            break;
    }
    return fmt::format("{} can't connect here: {}", trial.name, trial.because);
}

void blame_old_server(const Observation& seen, std::vector<Draft>& drafts) {
    const VersionSeen* best = newest(*seen.survey);
    if (best == nullptr || best->version >= TlsVersion::tls1_2) return;
    for (Draft& draft : drafts) {
        const bool failed =
            draft.cause == Cause::tls_protocol_mismatch || draft.cause == Cause::tls_handshake_failed;
        if (!failed || draft.subject.host != seen.subject.host || draft.subject.port != seen.subject.port)
            continue;
        draft.cause = Cause::tls_protocol_mismatch;
        draft.variant = "server-too-old";
        draft.confidence = Confidence::certain;
        draft.actor = Actor::operator_;
        add(draft, seen, fmt::format("the newest version that it speaks is {}", version_name(best->version)));
        draft.observations.push_back(seen.id);
    }
}

std::vector<Draft> judge_survey(const Observation& seen, const std::string& program) {
    std::vector<Draft> drafts;
    judge_leftovers(seen, drafts);
    judge_clients(seen, program, drafts);
    return drafts;
}

}  // namespace maildoctor::diagnose
