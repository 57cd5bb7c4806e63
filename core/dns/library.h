// Which version of the foreign library of this room is loaded.
#pragma once

#include <string>

namespace maildoctor::dns {

/// "ldns 1.8.3"
std::string library_version();

}  // namespace maildoctor::dns
