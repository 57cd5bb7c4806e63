// SMTP TLS reporting records (RFC 8460 section 3). No network.
#pragma once

#include "core/model/policy.h"

namespace maildoctor::policy {

/// Judges the TXT records at _smtp._tls.<domain>. Exactly one that begins with "v=TLSRPTv1" counts; a
/// syntactically invalid one counts as none.
TlsRptFacts read_tls_rpt(const DnsFacts& answer);

}  // namespace maildoctor::policy
