// The check_host() function of SPF (RFC 7208 section 4): may this address send for this domain?
#pragma once

#include <string>
#include <string_view>

#include "core/async/task.h"
#include "core/model/ip_address.h"
#include "core/policy/look_up.h"

namespace maildoctor::policy {

enum class SpfResult : std::uint8_t { none, neutral, pass, fail, softfail, temperror, permerror };

std::string_view word(SpfResult value) noexcept;

struct SpfQuestion {
    IpAddress address;        ///< of the sending server
    std::string mail_from{};  ///< the envelope sender; empty: postmaster at `helo`
    std::string helo{};
    std::string receiver{"unknown"};  ///< %{r} of explanations
    std::int64_t now{};               ///< %{t}, seconds since 1970 UTC
};

struct SpfVerdict {
    SpfResult result{SpfResult::none};
    std::string explanation{};  ///< of exp= after a fail; ASCII, not cleaned; empty without one
    std::string term{};         ///< the mechanism that decided, as written
    std::string problem{};      ///< of temperror and permerror: why, in one line
    int lookups{};              ///< terms that needed look-ups
    int void_lookups{};
};

inline constexpr int max_spf_lookups = 10, max_spf_void_lookups = 2;  // RFC 7208 section 4.6.4

/// Asks with at most ten look-up terms, two void look-ups, ten exchangers of one "mx" and ten names of one
/// "ptr".
Task<SpfVerdict> check_host(Ask ask, SpfQuestion question);

}  // namespace maildoctor::policy
