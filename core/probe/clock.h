// What time a server says it is.
#pragma once

#include <memory>

#include "core/async/task.h"
#include "core/http/fetch.h"
#include "core/model/observation.h"
#include "core/probe/context.h"

namespace maildoctor::probe {

/// Asks the web server at port 80 of a host for its front page, for the Date that comes with any answer
/// (RFC 9110 section 6.6.1). One connection, three seconds at most; no TLS, since a wrong clock breaks that.
/// @return answer yes with `clock`, else unknown
Task<Observation> ask_clock(ContextPtr context, std::shared_ptr<const http::Transport> web, HostName host);

}  // namespace maildoctor::probe
