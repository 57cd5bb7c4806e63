// How the servers for receiving do as a whole, or those for sending: what was typed, or what the domain
// shows.
#pragma once

#include <string>
#include <vector>

#include "core/diagnose/diagnose.h"
#include "core/diagnose/draft.h"
#include "core/diagnose/picture.h"

namespace maildoctor::diagnose {

struct RoleJudgement {
    std::vector<ServerSetting> settings{};  ///< that work, the typed one first, then the best first
    std::vector<Draft> drafts{};
    std::vector<NotTested> not_tested{};
    bool works{false};  ///< the user can have mail this way
    int answered{0};    ///< questions of the user that the observations settle
    int unanswered{0};  ///< and those that they leave open
};

/// Judges one role: the typed setting when there is one, else what was found for the domain. Nothing when
/// only what was typed counts and nothing was.
RoleJudgement judge_role(Role role, const Case& seen, const Picture& picture, const knowledge::Pack& pack);

/// Why nothing is known of a server that should have been asked.
std::string why_untested(const Case& seen);

}  // namespace maildoctor::diagnose
