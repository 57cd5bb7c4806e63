// What became of the test message of a run.
#pragma once

#include <string>
#include <vector>

#include "core/diagnose/diagnose.h"
#include "core/diagnose/draft.h"

namespace maildoctor::diagnose {

struct SendJudgement {
    std::vector<Draft> drafts{};  ///< why it was refused
    std::vector<NotTested> not_tested{};
    std::vector<std::string> notes{};  ///< that it was taken, when it arrived, and by which way
};

/// Judges the observation with SendFacts, by the same rules as pasted text. A message that has not arrived in
/// time is no fault yet: greylisting and queues take minutes.
SendJudgement judge_send(const Case& seen, const knowledge::Pack& pack);

}  // namespace maildoctor::diagnose
