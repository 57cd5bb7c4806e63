// Files that a policy record points to. For the sources of this room only.
#pragma once

#include "core/http/fetch.h"
#include "core/model/policy.h"

namespace maildoctor::policy {

/// Looks at how the file came. Sets the record's state and the fault that kept it away: "bad-certificate",
/// "no-host", "unreachable", "too-large", "redirect", "http-status", "left-https"; what could not be told
/// leaves the state unknown.
/// @return whether it came with status 200; the caller judges its content then
bool file_came(const http::Answer& got, PolicyRecord& file);

}  // namespace maildoctor::policy
