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

}  // namespace maildoctor::diagnose
