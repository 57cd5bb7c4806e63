// Asking one mail server to pass on mail for strangers.
#pragma once

#include <chrono>
#include <optional>

#include "core/async/task.h"
#include "core/mail/relay.h"
#include "core/model/observation.h"
#include "core/probe/context.h"
#include "core/probe/port.h"

namespace maildoctor::probe {

/// Opens a connection of its own (a full test several, one after the other), encrypts it where the server
/// offers that, and asks as `plan` says. Never sends a message; see mail::relay_test.
/// @param question names the one address to ask
/// @param plan its server name, address and `reopen` are filled in here
/// @param limit for all of it, within the run's deadline
/// @return answer yes when foreign recipients were accepted without a reason to doubt it; no when they were
///         refused; else unknown. `relay` is set when the dialog got so far; else `failure` says where it
///         ended
Task<Observation> port_relay(ContextPtr context, PortQuestion question, mail::RelayPlan plan,
                             std::chrono::milliseconds limit);

/// How a client's network plainly belongs to the operator of a server: the same computer, the same /24 (IPv4)
/// or /64 (IPv6). @return words for people; empty when it does not
std::string shared_network(const IpAddress& client, const IpAddress& server);

/// The last address literal in the words of an EHLO answer ("Hello pc.example.org [192.0.2.7]"), where a
/// server tells what it sees; what stands before it may be the client's own name. @return nothing when there
/// is none
std::optional<IpAddress> address_in(std::string_view words);

}  // namespace maildoctor::probe
