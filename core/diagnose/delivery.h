// Whether mail from others can reach the account's domain: MX records and the servers behind them.
#pragma once

#include "core/diagnose/draft.h"
#include "core/diagnose/picture.h"
#include "core/model/host_name.h"

namespace maildoctor::diagnose {

/// Judges the domain's mail exchangers (RFC 5321 section 5.1, RFC 7505). Certificates of MX hosts do not
/// count here: other servers deliver to them whatever they present.
Judgement judge_delivery(const Picture& picture, const HostName& domain);

/// Whether an exchanger's STARTTLS was asked for and came to nothing: refused, or the handshake broke. No
/// answer in time is neither.
bool starttls_breaks(const Observation& seen);
/// What shows it; only where starttls_breaks().
Evidence starttls_evidence(const Observation& seen);

}  // namespace maildoctor::diagnose
