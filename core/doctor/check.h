// One check from the first look-up to the report, on one event loop. For doctor.cpp.
#pragma once

#include "core/async/task.h"
#include "core/diagnose/diagnose.h"
#include "core/doctor/doctor.h"
#include "core/http/fetch.h"
#include "core/knowledge/compile.h"
#include "core/knowledge/pack.h"
#include "core/plan/planner.h"
#include "core/probe/context.h"

namespace maildoctor::doctor {

struct CheckInput {
    Request request{};
    std::optional<Clues> clues{};
    plan::Knowledge knowledge{};
    probe::ContextPtr context{};
    std::vector<IpAddress> resolver_addresses{};
    knowledge::Pack pack;
    std::shared_ptr<const knowledge::LoadedPack> own_rules{};  ///< the block behind pack.addition()
    Sink sink{};
    std::shared_ptr<const http::Transport> web{};         ///< asks for published settings; null: does not
    std::shared_ptr<const http::Transport> status_web{};  ///< asks about revocation; null: does not
    std::shared_ptr<const http::Transport> policy_web{};  ///< asks for the MTA-STS policy; null: does not
    bool third_parties{true};
    Credentials credentials{};
    OtherRuns others{};
    bool local_allowed{true};                ///< servers on loopback and link-local addresses may be asked
    bool reference{false};                   ///< the reference client's questions instead of the plan's
    bool live{false};                        ///< the sink gets observations and early diagnoses, too
    std::shared_ptr<diagnose::Case> kept{};  ///< set: gets what the judgement rests on, but the observations
};

/// Probes what the plan asks for and judges what was seen. Ends by the context's deadline; when the loop is
/// cancelled it ends at once with what is known.
Task<Report> run_check(CheckInput input);

/// Puts a diagnosis into the report.
void tell_diagnosis(Report& report, diagnose::Diagnosis diagnosis);

}  // namespace maildoctor::doctor
