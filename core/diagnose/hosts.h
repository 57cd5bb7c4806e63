// What DNS says about names, as drafts of findings.
#pragma once

#include <optional>

#include "core/diagnose/draft.h"
#include "core/diagnose/picture.h"

namespace maildoctor::diagnose {

/// Why a look-up gave nothing that can be used; nothing when it did.
std::optional<Draft> dns_fault(const Observation& seen);

/// Why a host has no address; nothing when it has one or was not asked.
std::optional<Draft> host_fault(const Picture& picture, const std::string& host);

/// Whether no name server answered anything at all.
bool resolver_is_dead(const Picture& picture);
/// The finding for it: offline when this computer has no route, else the resolver.
Draft resolver_fault(const Picture& picture);

/// The existing name that a mistyped host was probably meant to be; empty when there is none near.
std::string nearest_name(const Picture& picture, const std::string& typed);

}  // namespace maildoctor::diagnose
