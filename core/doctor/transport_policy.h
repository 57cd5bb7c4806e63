// The questions of a check about published transport policy, as observations: TLSA records and MTA-STS.
#pragma once

#include <memory>
#include <vector>

#include "core/async/task.h"
#include "core/http/fetch.h"
#include "core/model/observation.h"
#include "core/plan/step.h"
#include "core/probe/context.h"

namespace maildoctor::doctor {

inline constexpr std::string_view dane_probe = "policy.dane";
inline constexpr std::string_view mta_sts_probe = "policy.mta-sts";

/// The TLSA records of a server; DNS only. Answer: whether there are any that count.
Task<Observation> observe_dane(probe::ContextPtr context, plan::DaneQuestion question);

/// The record and, where there is one, the policy file of the domain; five seconds at most. Answer: whether a
/// policy is published.
Task<Observation> observe_mta_sts(probe::ContextPtr context, std::shared_ptr<const http::Transport> web,
                                  plan::MtaStsQuestion question);

/// When all servers have been visited: whether what they presented fits their TLSA records (the answer of
/// those observations becomes yes or no), and which exchangers the policy of MTA-STS leaves out.
/// @param now seconds since 1970 UTC
void compare_with_policy(std::vector<Observation>& seen, std::int64_t now);

}  // namespace maildoctor::doctor
