// An IPv4 or IPv6 address as a value: parsing, printing, and what kind of address it is.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace maildoctor {

/// An IPv4 or IPv6 address without a port and without a zone.
class IpAddress {
public:
    /// Reads dotted decimal IPv4 or RFC 4291 section 2.2 IPv6 text; nothing when it is neither.
    static std::optional<IpAddress> from(std::string_view text);
    static IpAddress v4(const std::array<std::uint8_t, 4>& bytes) noexcept;
    static IpAddress v6(const std::array<std::uint8_t, 16>& bytes) noexcept;

    bool is_v4() const noexcept { return v4_; }
    bool is_v6() const noexcept { return !v4_; }
    bool is_loopback() const noexcept;
    bool is_link_local() const noexcept;
    /// RFC 1918, RFC 4193, RFC 6598: reachable only inside some network.
    bool is_private() const noexcept;
    bool is_unspecified() const noexcept;

    /// 4 or 16 bytes in network order.
    std::string_view bytes() const noexcept;
    /// Canonical text (RFC 5952 for IPv6).
    std::string text() const;
    /// Owner name of the PTR record, e.g. "7.2.0.192.in-addr.arpa".
    std::string reverse_name() const;

    friend auto operator<=>(const IpAddress&, const IpAddress&) = default;

private:
    IpAddress() = default;
    bool v4_{true};
    std::array<std::uint8_t, 16> bytes_{};
};

}  // namespace maildoctor
