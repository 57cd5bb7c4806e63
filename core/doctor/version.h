// Which maildoctor this is.
#pragma once

#include <string_view>

namespace maildoctor::doctor {

/// "0.1.0"
std::string_view version() noexcept;

}  // namespace maildoctor::doctor
