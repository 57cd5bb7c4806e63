// Observations + clues + what the user wants -> findings, root cause first. No network.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/knowledge/pack.h"
#include "core/model/discovery.h"
#include "core/model/other_runs.h"
#include "core/model/report.h"

namespace maildoctor::diagnose {

/// A login that was wanted and not tried.
struct SkippedLogin {
    Role role{};
    std::string because{};
};

/// What there is to know about the logins of a run beside its observations.
struct LoginCase {
    int budget{};              ///< logins that might be refused
    std::string given_user{};  ///< the user name as typed; empty: found from the address
    std::vector<SkippedLogin> skipped{};
};

/// What the judgement rests on.
struct Case {
    Request request{};
    std::optional<Clues> clues{};  ///< of the pasted error
    std::vector<Observation> observations{};
    std::vector<SourceAnswer> sources{};  ///< where settings are published, when that was asked
    std::int64_t now{};                   ///< seconds since 1970 UTC
    bool cancelled{false};                ///< the run was stopped before its end
    bool out_of_time{false};              ///< the command's time limit was reached
    LoginCase login{};
    OtherRuns others{};  ///< what other runs saw of the same servers
};

struct Diagnosis {
    Verdict verdict{Verdict::inconclusive};
    std::vector<Finding> findings{};  ///< primary first, with texts filled in
    std::vector<NotTested> not_tested{};
    Settings settings{};  ///< what works, best first
    std::vector<std::string> notes{};
    std::vector<ServerLimit> limits{};
};

/// Judges a case. Exactly one finding is primary when the verdict is `problem`.
Diagnosis diagnose(const Case& seen, const knowledge::Pack& pack);

}  // namespace maildoctor::diagnose
