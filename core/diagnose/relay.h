// What the relay tests of a run mean.
#pragma once

#include <string>
#include <vector>

#include "core/diagnose/diagnose.h"
#include "core/diagnose/draft.h"

namespace maildoctor::diagnose {

struct RelayJudgement {
    int settled{};  ///< servers whose test came to a result
    int open{};     ///< servers that were asked without a result
    std::vector<Draft> drafts{};
    std::vector<NotTested> not_tested{};
    std::vector<std::string> notes{};
};

/// Judges the observations with the relay probe. An open relay is `likely` after a full test, `possible`
/// after a basic one or where a server that takes every name of its own domain took only such names; certain
/// only when a test from another network agrees and DATA was accepted in both, because one network alone
/// cannot show what the server does for all others. Servers that take
/// nonsense as well, or say no at DATA, are not called open; those that relay for this computer's own network
/// get an information.
RelayJudgement judge_relay(const Case& seen);

/// Whether the test shows that nobody sends to other domains there without a login: recipients elsewhere were
/// refused, and not only because the made-up one does not exist.
bool wants_login_or_refuses(const RelayFacts& relay);

}  // namespace maildoctor::diagnose
