// Which name servers this computer uses.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/ip_address.h"

namespace maildoctor::platform {

/// A DNS server that answers recursive questions.
struct NameServer {
    IpAddress address;
    std::uint16_t port{53};
    std::uint32_t scope{0};  ///< interface index of a link-local IPv6 address ("fe80::1%eth0"), else 0

    /// "192.0.2.1", "2001:db8::1"; with the port when it is not 53: "192.0.2.1:5353", "[2001:db8::1]:5353".
    std::string text() const;
    friend bool operator==(const NameServer&, const NameServer&) = default;
};

struct ResolverConfig {
    std::vector<NameServer> servers{};
};

/// Reads ADDR, ADDR:PORT, [ADDR], [ADDR]:PORT or ADDR#PORT; an IPv6 address may carry "%interface".
/// @return nothing when it is no address, or when the interface does not exist here
std::optional<NameServer> name_server_from(std::string_view text);

/// Reads the text of a resolv.conf(5): its `nameserver` lines, in order and without repetitions, 16 at most;
/// other directives are skipped (search lists and options change what programs ask, not whom they ask).
ResolverConfig parse_resolver_config(std::string_view text);

/// The name servers of this computer. Without any configured server programs ask 127.0.0.1, and so does this.
ResolverConfig resolver_config();

}  // namespace maildoctor::platform
