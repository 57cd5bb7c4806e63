// The parts of the resolver configuration that are the same on every system.
#include "core/platform/resolver_config.h"

#include <algorithm>
#include <charconv>

#include "core/platform/interface_index.h"

namespace maildoctor::platform {
namespace {

constexpr std::size_t max_servers = 16;

std::optional<std::uint16_t> port_from(std::string_view digits) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc{} || end != digits.data() + digits.size() || port == 0) return std::nullopt;
    return port;
}

/// Splits "host", "host:port", "[host]:port", "host#port"; an IPv6 address without brackets has no ":port".
struct Parts {
    std::string_view host, port;
};

std::optional<Parts> split(std::string_view text) {
    if (const std::size_t hash = text.find('#'); hash != std::string_view::npos)
        return Parts{text.substr(0, hash), text.substr(hash + 1)};
    if (!text.empty() && text.front() == '[') {
        const std::size_t close = text.find(']');
        if (close == std::string_view::npos) return std::nullopt;
        const std::string_view rest = text.substr(close + 1);
        if (rest.empty()) return Parts{text.substr(1, close - 1), "53"};
        if (rest.front() != ':') return std::nullopt;
        return Parts{text.substr(1, close - 1), rest.substr(1)};
    }
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || text.find(':', colon + 1) != std::string_view::npos)
        return Parts{text, "53"};
    return Parts{text.substr(0, colon), text.substr(colon + 1)};
}

std::string_view next_word(std::string_view& line) {
    const std::size_t begin = line.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos) return line = {};
    line.remove_prefix(begin);
    const std::string_view word = line.substr(0, line.find_first_of(" \t\r"));
    line.remove_prefix(word.size());
    return word;
}

}  // namespace

std::string NameServer::text() const {
    if (port == 53) return address.text();
    return (address.is_v6() ? "[" + address.text() + "]" : address.text()) + ":" + std::to_string(port);
}

std::optional<NameServer> name_server_from(std::string_view text) {
    const auto parts = split(text);
    if (!parts) return std::nullopt;
    const std::size_t percent = parts->host.find('%');
    const auto address = IpAddress::from(parts->host.substr(0, percent));
    const auto port = port_from(parts->port);
    if (!address || !port) return std::nullopt;
    NameServer server{.address = *address, .port = *port};
    if (percent != std::string_view::npos) {
        server.scope = interface_index(parts->host.substr(percent + 1));
        if (server.scope == 0 || address->is_v4()) return std::nullopt;
    }
    return server;
}

ResolverConfig parse_resolver_config(std::string_view text) {
    ResolverConfig config;
    while (!text.empty() && config.servers.size() < max_servers) {
        std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        if (next_word(line) != "nameserver") continue;
        const auto server = name_server_from(next_word(line));
        if (server && std::ranges::find(config.servers, *server) == config.servers.end())
            config.servers.push_back(*server);
    }
    return config;
}

}  // namespace maildoctor::platform
