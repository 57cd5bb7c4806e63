// How one server setting does, from DNS to the offered login methods.
#pragma once

#include "core/diagnose/draft.h"
#include "core/diagnose/picture.h"
#include "core/knowledge/pack.h"

namespace maildoctor::diagnose {

/// Judges a setting as a mail program would meet it.
/// @param now seconds since 1970 UTC, for certificates that end soon
/// @param typed whether the user has these very settings (then a password without encryption is worth a
/// warning)
Judgement judge_server(const Picture& picture, const ServerSetting& setting, const knowledge::Pack& pack,
                       std::int64_t now, bool typed);

/// The cause behind a server's refusal, by the same rules as pasted text; `otherwise` when no rule knows it.
struct RefusalCause {
    Cause cause{};
    Confidence confidence{};
    std::string rule{};
};
RefusalCause refusal_cause(const Observation& seen, const knowledge::Pack& pack, Cause otherwise);

/// Whether a cause is the server's way to say "not now": never reported as a fault.
bool means_not_now(Cause cause) noexcept;

}  // namespace maildoctor::diagnose
