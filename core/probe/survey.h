// Everything that the TLS of one port can do.
#pragma once

#include <vector>

#include "core/async/task.h"
#include "core/model/observation.h"
#include "core/probe/context.h"
#include "core/probe/port.h"
#include "core/tls/survey.h"

namespace maildoctor::probe {

/// Makes many short connections to the first address of `question`, three at once at most: with each it says
/// one ClientHello (after STARTTLS where the port starts plain) and reads the answer; a few are real
/// handshakes, to see certificate, resumption and renegotiation. Sends no secret and no mail command beyond
/// the greeting. Ends early when the server turns connections away.
/// @param clients first messages of mail programs, to see which of them get through
/// @return answer yes when some version is offered; `survey` always, `tls` with the facts of a real handshake
Task<Observation> tls_survey(ContextPtr context, PortQuestion question,
                             std::vector<tls::ClientTemplate> clients);

/// Asks the first address of `question` for each of these versions alone, with a connection each: does it
/// still take them? Sends a ClientHello and no more. `survey` holds the answers for these versions.
/// @return answer yes when one of them is offered
Task<Observation> tls_versions(ContextPtr context, PortQuestion question, std::vector<TlsVersion> versions);

}  // namespace maildoctor::probe
