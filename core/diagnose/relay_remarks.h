// Remarks on relay tests that found nothing wrong or cannot decide, in the reader's language.
#pragma once

#include <string>

#include "core/model/observation.h"

namespace maildoctor::diagnose {

/// Whether the made-up recipient was refused for what it is, not because it is elsewhere.
bool refused_for_recipient(const RelayFacts& relay);

/// Strangers' mail is refused. `seen` has relay facts, here and below.
std::string relay_refused_remark(const Observation& seen, bool german);
/// The server asks for a login first.
std::string relay_login_remark(const Observation& seen, bool german);
/// What was accepted proves nothing.
std::string relay_no_proof_remark(const Observation& seen, bool german);
/// What it takes to be certain of an open relay.
/// @param because why another report does not settle it; empty: there is none
std::string relay_second_network_remark(const Observation& seen, const std::string& because, bool german);
/// Refused here, and passed on from another network.
std::string relay_trusted_remark(const Observation& seen, const std::string& evidence, bool german);

}  // namespace maildoctor::diagnose
