// Which version of the foreign library of this room is loaded.
#pragma once

#include <string>

namespace maildoctor::store {

/// "sqlite 3.40.1"
std::string library_version();

}  // namespace maildoctor::store
