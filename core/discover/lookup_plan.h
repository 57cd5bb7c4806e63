// The order in which programs look for settings. Pure functions; nothing is asked.
#pragma once

#include "core/model/lookup_plan.h"
#include "core/model/report.h"

namespace maildoctor::discover {

/// The addresses of settings documents, the SRV names and the ports that a program tries, in its order.
///
/// Thunderbird and K-9 ask the domain's own addresses over HTTPS, then over HTTP, then the central database,
/// then for the MX host's domain (without its first label, and registered). Delta Chat asks over HTTPS only,
/// takes Autodiscover before the database and looks at no MX. Our own order never sends the address over
/// HTTP.
LookupPlan plan_lookup(const EmailAddress& email, const LookupOptions& options);

/// What is tried on one host, in order: as Thunderbird does it. Names that begin with "imap." are tried with
/// IMAP only, "pop." and "pop3." with POP3 only.
std::vector<PortTry> incoming_tries(const std::string& host, const LookupOptions& options);
std::vector<PortTry> outgoing_tries(const std::string& host, const LookupOptions& options);

}  // namespace maildoctor::discover
