// Visiting one port of a mail server.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/async/task.h"
#include "core/model/observation.h"
#include "core/probe/context.h"

namespace maildoctor::probe {

struct PortQuestion {
    HostName host;
    std::vector<IpAddress> addresses{};
    Port port;
    Protocol protocol{};
    Security start{
        Security::tls};  ///< tls, or starttls for a plain start that is upgraded where the server offers it
    Role role{};
    std::string source{};
    bool impatient{false};               ///< waits a few seconds for a greeting instead of the full time
    std::function<void()> on_silence{};  ///< see mail::DialogPlan
};

/// Connects (all addresses of the host are asked, each one's result is kept) and holds the dialog up to the
/// capabilities, over TLS where it can be had. Sends no secret. One dialog; further addresses are only opened
/// and closed.
/// @return answer yes when the dialog came to its end; no when the port was refused; else unknown with
/// `failure`
Task<Observation> port_dialog(ContextPtr context, PortQuestion question);

/// Only connects and closes: does the port answer at all?
Task<Observation> port_connect(ContextPtr context, PortQuestion question);

}  // namespace maildoctor::probe
