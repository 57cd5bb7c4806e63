// Names of DNS record types.
#pragma once

#include <string>

#include "core/model/facts.h"

namespace maildoctor {

/// "A", "MX", …; "TYPE99" (RFC 3597 section 5) for types without a name here.
std::string record_name(RecordType type);

}  // namespace maildoctor
