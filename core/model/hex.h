// Octets as hexadecimal digits.
#pragma once

#include <string>
#include <string_view>

namespace maildoctor {

/// Two lower-case digits an octet.
std::string hex(std::string_view octets);

}  // namespace maildoctor
