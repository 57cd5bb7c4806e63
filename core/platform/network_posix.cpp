// Resolver configuration and hosts file as they are on POSIX systems.
#include <net/if.h>

#include <charconv>
#include <string>

#include "core/platform/file.h"
#include "core/platform/hosts_file.h"
#include "core/platform/interface_index.h"
#include "core/platform/resolver_config.h"

namespace maildoctor::platform {

std::uint32_t interface_index(std::string_view name) {
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error == std::errc{} && end == name.data() + name.size()) return number;
    return if_nametoindex(std::string(name).c_str());
}

ResolverConfig resolver_config() {
    constexpr std::size_t limit = 64 * 1024;
    ResolverConfig config = parse_resolver_config(read_file("/etc/resolv.conf", limit).value_or(""));
    if (config.servers.empty()) config.servers.push_back({.address = IpAddress::v4({127, 0, 0, 1})});
    return config;
}

HostsFile hosts_file() {
    constexpr std::size_t limit = 32 * 1024 * 1024;  // lists that block advertisements are large
    return HostsFile::parse(read_file("/etc/hosts", limit).value_or(""));
}

}  // namespace maildoctor::platform
