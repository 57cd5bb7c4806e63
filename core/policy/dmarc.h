// DMARC records (RFC 7489 section 6.3, DMARCbis section 4.7). No network.
#pragma once

#include <optional>

#include "core/model/policy.h"

namespace maildoctor::policy {

/// Judges the TXT records at one _dmarc name. Fills everything but `domain`, `organisational`, `policy` and
/// `consents`, which need the names around it.
/// With p= missing or wrong and a usable rua=, receivers take p=none (RFC 7489 section 6.6.3); without, they
/// discard the record.
DmarcFacts read_dmarc(const DnsFacts& answer);

/// What applies to a domain.
/// @param facts the record that was found
/// @param own whether it stands at the domain itself, not above it
std::string effective_policy(const DmarcFacts& facts, bool own);

/// The domains other than those within `organisational` that reports are sent to, each once.
std::vector<HostName> foreign_destinations(const DmarcFacts& facts, const HostName& organisational);

}  // namespace maildoctor::policy
