// A host name (or an address literal in its place) that was checked once and can be trusted afterwards.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "core/model/ip_address.h"

namespace maildoctor {

/// A DNS name in ASCII (A-labels), lower case, without the final dot; or an IP address literal as users type
/// it. Names from outside Unicode pass through the room `names` first.
class HostName {
public:
    /// @param text 1..253 octets, labels of 1..63 letters, digits, '-' or '_'; a final dot and capitals are
    /// accepted;
    ///        an IPv4 address, or an IPv6 address with or without brackets
    /// @return nothing when it is not a host name (RFC 1123 section 2.1, RFC 5321 section 4.1.3)
    static std::optional<HostName> from(std::string_view text);

    const std::string& text() const noexcept { return text_; }
    /// The address when an address literal was given.
    std::optional<IpAddress> literal() const { return IpAddress::from(text_); }
    bool is_literal() const { return literal().has_value(); }
    /// The name without its first label; nothing when only one label is left.
    std::optional<HostName> parent() const;
    /// Whether this name is `zone` or lies below it.
    bool is_within(const HostName& zone) const noexcept;

    friend auto operator<=>(const HostName&, const HostName&) = default;

private:
    explicit HostName(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

}  // namespace maildoctor
