// Which version of the foreign library of this room is loaded.
#pragma once

#include <string>

namespace maildoctor::tls {

/// "openssl 3.0.17"
std::string library_version();

}  // namespace maildoctor::tls
