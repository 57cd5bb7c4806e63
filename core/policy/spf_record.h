// The grammar of SPF records (RFC 7208 sections 4.6, 5, 6, 7 and 12). No network.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/ip_address.h"
#include "core/model/policy.h"

namespace maildoctor::policy {

enum class SpfKind : std::uint8_t { all, include, a, mx, ptr, ip4, ip6, exists, redirect, exp };

/// One mechanism or one of the two modifiers with a meaning.
struct SpfTerm {
    SpfKind kind{};
    char qualifier{'+'};                 ///< '+', '-', '~' or '?'
    std::string domain{};                ///< domain-spec with its macros; empty: the current domain
    std::optional<IpAddress> network{};  ///< of ip4 and ip6
    int prefix4{32}, prefix6{128};
    std::string text{};  ///< as written
};

struct SpfRecord {
    std::vector<SpfTerm> mechanisms{};
    std::optional<SpfTerm> redirect{}, exp{};
    std::vector<std::string> ignored{};  ///< unknown modifiers (section 6)
};

/// A record with every error that it has, so that a publisher learns of all of them at once.
struct SpfReading {
    SpfRecord record{};  ///< the terms that could be read
    std::vector<PolicyFault> faults{};
    bool valid() const { return faults.empty(); }
};

/// Whether a TXT record is an SPF record: "v=spf1" in any case, then a blank or the end (section 4.5).
bool is_spf_record(std::string_view text) noexcept;

/// Reads a record that begins with "v=spf1". Any fault makes the whole record invalid (permerror,
/// section 4.6).
SpfReading read_spf(std::string_view text);

/// Whether a term needs look-ups that count against the limit of ten (section 4.6.4).
bool needs_lookup(SpfKind kind) noexcept;

/// Whether the domain-spec of a term depends on the message that is judged.
bool has_macros(std::string_view domain_spec) noexcept;

}  // namespace maildoctor::policy
