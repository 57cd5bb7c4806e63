// Which version of the foreign libraries of this room is loaded.
#pragma once

#include <string>

namespace maildoctor::async {

/// "asio 1.22.1; poco 1.11.0"
std::string library_versions();

}  // namespace maildoctor::async
