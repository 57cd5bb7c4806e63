// SPF macros (RFC 7208 section 7): their grammar and what they stand for. No network.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/model/ip_address.h"

namespace maildoctor::policy {

/// What macros stand for in one check.
struct MacroValues {
    std::string sender{};  ///< local@domain
    std::string domain{};  ///< the current one
    IpAddress address;     ///< of the client
    std::string helo{};
    std::string validated{"unknown"};  ///< %{p}
    std::string receiver{"unknown"};   ///< %{r}
    std::int64_t now{};                ///< %{t}, seconds since 1970 UTC
};

/// Whether a macro-string is well formed.
/// @param explanation also the letters c, r and t, and blanks between words
bool is_macro_string(std::string_view text, bool explanation) noexcept;

/// Whether a text is a domain-spec: a macro-string that ends in a top-level label or in a macro.
bool is_domain_spec(std::string_view text) noexcept;

/// Whether the text uses this macro letter.
bool uses_macro(std::string_view text, char letter) noexcept;

/// Replaces macros; the text must be well formed.
std::string expand_macros(std::string_view text, const MacroValues& values);

/// A domain that results from macros, shortened from the left to 253 octets by whole labels (section 7.3).
std::string shortened(std::string domain);

}  // namespace maildoctor::policy
