// Reading what a domain publishes about its mail: over DNS, and the MTA-STS policy over HTTPS. Asks only;
// what it means is judged in the room `diagnose`.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/async/deadline.h"
#include "core/async/task.h"
#include "core/dns/resolver.h"
#include "core/http/fetch.h"
#include "core/model/policy.h"

namespace maildoctor::policy {

/// Asks DNS one question: the resolver in use, or a table in tests. Never fails as a call.
using Ask = std::function<Task<DnsFacts>(std::string name, RecordType type)>;

/// Questions to the resolver, not to the hosts file, that end by the deadline.
Ask ask_resolver(std::shared_ptr<dns::Resolver> resolver, Deadline deadline);

using Web = std::shared_ptr<const http::Transport>;

struct LookUpOptions {
    std::vector<std::string> selectors{};  ///< of DKIM keys, beside the usual ones
    std::string bimi_selector{"default"};
    std::int64_t now{};        ///< seconds since 1970 UTC, for the dates of certificates
    bool third_parties{true};  ///< may the logo be fetched from hosts outside the domain?
};

/// The whole mail side of a domain: MX with addresses, reverse names and TLSA, SPF, DKIM keys, DMARC, MTA-STS
/// with its policy file, TLS-RPT, BIMI with its files. All side by side; what the deadline cuts off is
/// `unknown`.
/// @param web asks for the files; null: they stay unknown
Task<PolicyFacts> look_up(Ask ask, Web web, HostName domain, LookUpOptions options, Deadline deadline);

/// The TLSA records of one server with the rules for aliases of RFC 7671 section 7: where the address answers
/// are secure, the name at the end of the aliases first, then the name itself; else the name itself only.
/// @param smtp for mail exchangers (RFC 7672)
Task<DaneFacts> look_up_dane(Ask ask, HostName host, Port port, bool smtp);

/// The record at _mta-sts and, where there is one, the policy file. No redirect is followed (RFC 8461
/// section 3.3).
/// @param search_file asks for the file also without a record, to find one that lacks its other half
Task<MtaStsFacts> look_up_mta_sts(Ask ask, Web web, HostName domain, bool search_file, Deadline deadline);

/// The DMARC record for a domain: its own, else that of the nearest domain above it up to the organisational
/// domain (DMARCbis section 4.10; never above the registered domain).
Task<DmarcFacts> look_up_dmarc(Ask ask, HostName domain);

/// The keys of the given selectors and those of the usual ones that exist. Keys that a wildcard hands out for
/// any selector are left out.
Task<std::vector<DkimFacts>> look_up_dkim(Ask ask, HostName domain, std::vector<std::string> given);

/// The BIMI record of a selector with the picture and the certificate that it names.
Task<BimiFacts> look_up_bimi(Ask ask, Web web, HostName domain, LookUpOptions options, Deadline deadline);

/// The names of an address and which of them lead back to it.
Task<ReverseName> look_up_reverse(Ask ask, IpAddress address);

}  // namespace maildoctor::policy
