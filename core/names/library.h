// Which version of the foreign libraries of this room is loaded.
#pragma once

#include <string>

namespace maildoctor::names {

/// "libidn2 2.3.3; libpsl 0.21.2"
std::string library_versions();

}  // namespace maildoctor::names
