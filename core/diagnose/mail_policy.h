// What a domain's published mail policy amounts to: each record as it was found and as it should read.
#pragma once

#include <vector>

#include "core/diagnose/draft.h"
#include "core/diagnose/picture.h"
#include "core/model/policy.h"

namespace maildoctor::diagnose {

/// The whole mail side of a domain, for its publisher. Errors: what receivers discard although it is
/// published, and what holds mail back; warnings: what does less than it says, or is missing where large
/// providers want it. Nothing is said about MTA-STS, TLS-RPT, BIMI and TLSA that are not published: they are
/// a choice.
Judgement judge_policy(const PolicyFacts& facts);

/// For a check of an account: whether senders that respect DANE and MTA-STS can deliver to the domain, from
/// the observations with TLSA records and the MTA-STS policy. Errors only where every exchanger is barred to
/// them; a half published MTA-STS is a warning, because senders ignore it.
Judgement judge_transport(const Picture& picture, const HostName& domain);

/// What the visits to the exchangers add for the publisher: one that offers no TLS although its TLSA records
/// demand it, and one whose certificate the domain's MTA-STS policy does not take. Errors only where that
/// bars every exchanger.
Judgement judge_exchangers(const Picture& picture, const PolicyFacts& facts);

/// TLSA records of a server of mail programs that do not fit it: a warning, for few programs look at them.
Judgement judge_server_dane(const Picture& picture, const ServerSetting& setting);

}  // namespace maildoctor::diagnose
