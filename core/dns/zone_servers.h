// Why a resolver has no answer: the zone's own name servers are asked, without recursion.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/async/deadline.h"
#include "core/async/task.h"
#include "core/dns/questions.h"

namespace maildoctor::dns {

enum class ZoneServers : std::uint8_t {
    answering,  ///< at least one answers for the zone with authority
    lame,       ///< those that could be asked refuse, are not authoritative, or do not answer at all
    unknown,    ///< they could not be found or not be reached from here, or time ran out
};

/// Finds the name servers of the zone that `question` belongs to, by the parents' referrals, and asks all of
/// them (13 at most) once more where they are silent. One datagram a server and try; harmless to any name
/// server.
/// @param port of the name servers, 53 outside tests
Task<ZoneServers> ask_zone_servers(std::shared_ptr<Questions> questions, Question question,
                                   std::uint16_t port, Deadline deadline);

}  // namespace maildoctor::dns
