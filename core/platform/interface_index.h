// Network interfaces by name.
#pragma once

#include <cstdint>
#include <string_view>

namespace maildoctor::platform {

/// The system's number of a network interface ("eth0", or decimal digits); 0 when there is none of that name.
std::uint32_t interface_index(std::string_view name);

}  // namespace maildoctor::platform
