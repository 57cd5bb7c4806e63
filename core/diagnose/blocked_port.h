// Does the network that the run took place in block port 25?
#pragma once

#include <vector>

#include "core/diagnose/draft.h"
#include "core/diagnose/picture.h"

namespace maildoctor::diagnose {

/// Port 25 silent at two unrelated operators while other ports of the same hosts answer, and open nowhere:
/// the network here blocks it.
/// @return the observations that show it; empty when it is not so
std::vector<const Observation*> blocked_port_25(const Picture& picture);

/// The finding from what blocked_port_25() gave; it takes the place of a server's own silence on that port.
void blame_network(const std::vector<const Observation*>& silent, const Picture& picture,
                   std::vector<Draft>& drafts);

/// This network is not the caller's: that it blocks port 25 says nothing about their trouble.
/// @return whether findings went because of that
bool leave_port_25_open(std::vector<Draft>& drafts, std::vector<NotTested>& not_tested);

}  // namespace maildoctor::diagnose
