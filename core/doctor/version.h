// Which maildoctor this is, and what it is made of.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace maildoctor::doctor {

/// "0.1.0"
std::string_view version() noexcept;

/// A library as it was loaded, or the rule pack that is compiled in.
struct Component {
    std::string name{};
    std::string version{};
};

/// The rules first, then the libraries.
std::vector<Component> components();

}  // namespace maildoctor::doctor
