// What the logins of a run mean.
#pragma once

#include <string>
#include <vector>

#include "core/diagnose/diagnose.h"
#include "core/diagnose/draft.h"
#include "core/diagnose/refusal.h"

namespace maildoctor::diagnose {

/// How the logins for one role ended.
struct LoginJudgement {
    enum class State : std::uint8_t { not_asked, works, fails, open } state{State::not_asked};
    std::string user{};  ///< the user name that works
    std::vector<Draft> drafts{};
    std::vector<NotTested> not_tested{};
    std::vector<std::string> notes{};  ///< each login in one line
};

/// The cause behind a login's refusal, by the same rules as pasted text. What no rule knows is taken for a
/// wrong name or password, likely. The refusal of a mechanism that needs a stored verifier is only
/// `possible`.
RefusalCause login_cause(const Observation& seen, const knowledge::Pack& pack);

/// Judges the observations with LoginFacts of a role, in the order in which they were made.
LoginJudgement judge_login(Role role, const Case& seen, const knowledge::Pack& pack);

/// How many logins were tried and how many refused, in one line; empty without any.
std::string login_count(const Case& seen);

}  // namespace maildoctor::diagnose
