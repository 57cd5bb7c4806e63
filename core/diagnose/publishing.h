// What is wrong with the places where settings are published.
#pragma once

#include <optional>
#include <vector>

#include "core/diagnose/draft.h"
#include "core/model/discovery.h"

namespace maildoctor::diagnose {

/// Warnings about documents that cannot be used, certificates of web servers, settings over plain HTTP, and
/// sources that name different servers. Never errors: programs find their way by other sources, or the user
/// types the settings.
std::vector<Draft> judge_sources(const std::vector<SourceAnswer>& sources);

/// For the publisher: documents that some programs throw away although others can read them (errors), and
/// server sections that nobody can use (warnings).
std::vector<Draft> judge_documents(const std::vector<SourceAnswer>& sources);

/// For the publisher: hosts that exist for settings alone (autoconfig.DOMAIN, autodiscover.DOMAIN) and do not
/// answer. Warnings; programs wait for them in vain and go on.
std::vector<Draft> judge_unreachable(const std::vector<SourceAnswer>& sources);

/// The finding that a domain publishes no settings: a note, with what each of its places said.
Draft not_published(const HostName& domain, const std::vector<SourceAnswer>& sources);

/// The same for a check: only where every place was asked, none says anything, and these servers work all the
/// same.
std::optional<Draft> judge_unpublished(const HostName& domain, const std::vector<SourceAnswer>& sources,
                                       const std::vector<ServerSetting>& incoming,
                                       const std::vector<ServerSetting>& outgoing);

}  // namespace maildoctor::diagnose
