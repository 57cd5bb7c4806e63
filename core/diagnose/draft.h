// A finding in the making: before merging, ranking and wording.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/model/report.h"

namespace maildoctor::diagnose {

struct Draft {
    Cause cause{};
    Severity severity{Severity::error};
    Confidence confidence{Confidence::certain};
    Subject subject{};
    std::string detail{};
    std::string variant{};
    std::vector<Evidence> evidence{};
    std::vector<ObservationId> observations{};
    std::map<std::string, std::string, std::less<>>
        values{};                  ///< for placeholders of the texts: "names", "days", "other_port", …
    std::optional<Actor> actor{};  ///< where this case differs from the cause's usual one
    /// What is wrong does not go away with other settings, because these work: none are named as a way out.
    bool settings_work{false};
    bool one_port{false};  ///< other ports of the same host answer: the trouble is this port's alone
    std::string rule{};
};

/// How one server setting does.
struct Judgement {
    bool tested{false};
    bool works{false};
    std::vector<Draft> drafts{};  ///< errors when it does not work; warnings and infos as well
    std::vector<NotTested> not_tested{};
    /// How far the dialog got: to choose the most telling of several candidates. 0: no address … 5: works
    int progress{0};
};

/// A fresh draft about what an observation saw.
Draft draft_about(Cause cause, const Observation& seen, std::string rule);

}  // namespace maildoctor::diagnose
