// What the places where settings are published say, side by side.
#pragma once

#include <vector>

#include "core/diagnose/draft.h"
#include "core/model/host_name.h"
#include "core/model/validation.h"

namespace maildoctor::diagnose {

/// Every server that some source names, once, with all who name it. In the order of the sources' trust.
std::vector<PublishedServer> published_servers(const std::vector<SourceAnswer>& sources);

/// Whether a source says by SRV records that a service is not offered (target ".", RFC 2782).
bool says_not_offered(const SourceAnswer& source, Protocol protocol);

/// Whether the sources agree: servers, ports, encryption modes and forms of the user name, for each protocol
/// of which two sources speak. Warnings; an info where they only prefer different ports of one host.
std::vector<Draft> judge_agreement(const std::vector<SourceAnswer>& sources);

/// SRV records that no program can use as they stand, or that are not meant so (RFC 2782, RFC 6186).
std::vector<Draft> judge_srv(const std::vector<SourceAnswer>& sources);

}  // namespace maildoctor::diagnose
