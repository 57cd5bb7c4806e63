// DANE (RFC 6698, 7671, 7672): which TLSA records a client can use. No network.
#pragma once

#include "core/model/policy.h"

namespace maildoctor::policy {

/// Whether clients can use a record.
/// @param smtp for mail exchangers (RFC 7672 section 3.1.3: usages 0 and 1 are unusable); else for servers of
/// mail programs
DaneRecord judge_tlsa(const TlsaRecord& record, bool smtp);

/// What the records found below _port._tcp amount to before anything is compared: `records`, `outcome` and
/// `because`; `host`, `port` and `base` stay as they are.
void judge_tlsa_answer(const DnsFacts& answer, bool smtp, DaneFacts& facts);

/// Compares what a server presents with the records, where they count: `outcome` becomes match or mismatch.
/// The handshake need not have been verified; DANE-EE records look at neither names nor dates (RFC 7672
/// section 3.1.1).
/// @param presented with its chain; without one, or where the records do not count, `facts` come back
/// unchanged
/// @param names further names that the certificate may be for, beside facts.base: the exchanger, the mail
/// domain
/// @param now seconds since 1970 UTC
DaneFacts compare_dane(DaneFacts facts, const TlsFacts& presented, std::vector<std::string> names,
                       std::int64_t now);

}  // namespace maildoctor::policy
