// The way that a message took, as the servers on it wrote it down.
#pragma once

#include <string_view>
#include <vector>

#include "core/model/access.h"

namespace maildoctor::mime {

/// How many servers of one message are listed at most; a loop ends earlier at every server.
inline constexpr std::size_t max_hops = 50;

/// Reads the Received fields of a header (RFC 5321 section 4.4), the first server first. Each server may
/// write what it likes: names are cleaned and bounded, times that cannot be read are left out.
/// @param header the header of a message, or all of it: what follows the first empty line is not looked at
std::vector<Hop> received_path(std::string_view header);

}  // namespace maildoctor::mime
