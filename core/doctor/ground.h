// What every run stands on: resolver, TLS, time limit, and what the rules know about the account's provider.
#pragma once

#include <expected>
#include <vector>

#include "core/doctor/doctor.h"
#include "core/knowledge/pack.h"
#include "core/plan/planner.h"
#include "core/probe/context.h"

namespace maildoctor::doctor {

struct Ground {
    probe::ContextPtr context{};
    std::vector<IpAddress> resolver_addresses{};
};

/// @param tls that several runs share; null: the run's own
/// @param answers that several resolvers share; null: the resolver's own
/// @return the ground, or one line that says which option cannot be used
std::expected<Ground, BadOption> prepare(const Options& options, std::shared_ptr<tls::Client> tls = nullptr,
                                         dns::SharedAnswers answers = nullptr);

/// The servers that the rule pack knows for a domain's provider.
std::vector<ServerSetting> provider_servers_of(const HostName& domain, const knowledge::Pack& pack);

/// What the rule pack knows before anything is asked: the servers of the account's provider, and the names
/// that mistyped ones may have been meant to be.
plan::Knowledge knowledge_for(const Request& request, const knowledge::Pack& pack);

}  // namespace maildoctor::doctor
