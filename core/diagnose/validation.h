// Published settings of a domain, judged for the provider who publishes them. No network.
#pragma once

#include <vector>

#include "core/diagnose/diagnose.h"
#include "core/model/lookup_plan.h"
#include "core/model/validation.h"

namespace maildoctor::diagnose {

struct ValidationCase {
    Request request{};  ///< with domain
    std::vector<SourceAnswer> sources{};
    /// The servers that were visited: published_servers(), then guessed ones.
    std::vector<PublishedServer> servers{};
    std::vector<Observation> observations{};
    std::vector<PortTry> thunderbird_guesses{}, deltachat_guesses{};
    std::optional<PolicyFacts> mail{};  ///< the mail side, compared with what its exchangers present
    std::vector<NotTested> not_tested{};
    std::int64_t now{};  ///< seconds since 1970 UTC
    bool cancelled{false};
    bool out_of_time{false};
    bool several_connections{false};  ///< more than one dialog with each server was asked for
};

/// Judges every published server as a mail program meets it, the sources, and how they agree; then follows
/// each mail program through what was found. A domain that publishes nothing while its usual names work has
/// an info that says so; one that publishes what does not work has errors, each with the source in its
/// subject.
/// @return everything but version, times and who was told what
Validation judge_validation(ValidationCase seen, const knowledge::Pack& pack);

}  // namespace maildoctor::diagnose
