// Which version of the foreign library of this room is loaded.
#pragma once

#include <string>

namespace maildoctor::mail {

/// "gsasl 2.2.0"
std::string library_version();

}  // namespace maildoctor::mail
