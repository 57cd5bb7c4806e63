#include "core/model/server_url.h"

#include <algorithm>
#include <array>
#include <optional>

namespace maildoctor {
namespace {

struct Scheme {
    std::string_view name;
    Protocol protocol;
    std::optional<Security> security;
};

constexpr std::array<Scheme, 9> schemes = {{{"imap", Protocol::imap, {}},
                                            {"imaps", Protocol::imap, Security::tls},
                                            {"pop3", Protocol::pop3, {}},
                                            {"pop", Protocol::pop3, {}},
                                            {"pop3s", Protocol::pop3, Security::tls},
                                            {"smtp", Protocol::smtp, {}},
                                            {"smtps", Protocol::smtp, Security::tls},
                                            {"submission", Protocol::smtp, {}},
                                            {"submissions", Protocol::smtp, Security::tls}}};

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return out;
}

/// Splits "host", "host:port", "[v6]:port" and a bare IPv6 address into host and port digits.
std::pair<std::string_view, std::optional<std::string_view>> split_authority(std::string_view authority) {
    if (authority.starts_with('[')) {
        const std::size_t end = authority.find(']');
        if (end == std::string_view::npos) return {authority, std::nullopt};
        if (end + 1 < authority.size() && authority[end + 1] == ':')
            return {authority.substr(0, end + 1), authority.substr(end + 2)};
        return {authority, std::nullopt};
    }
    if (std::ranges::count(authority, ':') != 1) return {authority, std::nullopt};
    const std::size_t colon = authority.find(':');
    return {authority.substr(0, colon), authority.substr(colon + 1)};
}

std::expected<std::optional<Security>, std::string> read_query(std::string_view query) {
    std::optional<Security> security;
    while (!query.empty()) {
        const std::size_t end = query.find('&');
        const std::string_view pair = query.substr(0, end);
        query = end == std::string_view::npos ? std::string_view{} : query.substr(end + 1);
        if (!pair.starts_with("security="))
            return std::unexpected("'" + std::string(pair) +
                                   "' is not understood in a server URL; only security=tls|starttls|none is");
        security = security_from(lower(pair.substr(9)));
        if (!security)
            return std::unexpected("security must be tls, starttls or none, not '" +
                                   std::string(pair.substr(9)) + "'");
    }
    return security;
}

}  // namespace

std::expected<ServerSetting, std::string> parse_server_url(std::string_view url) {
    static constexpr std::string_view example =
        " (write for example imap://mail.example.org:993?security=tls)";
    const std::size_t mark = url.find("://");
    if (mark == std::string_view::npos)
        return std::unexpected("'" + std::string(url) + "' is not a server URL" + std::string(example));
    const std::string scheme_name = lower(url.substr(0, mark));
    const auto* const scheme = std::ranges::find(schemes, std::string_view(scheme_name), &Scheme::name);
    if (scheme == schemes.end())
        return std::unexpected("'" + scheme_name + "' is not a mail protocol: use imap, pop3 or smtp" +
                               std::string(example));
    std::string_view rest = url.substr(mark + 3);
    const std::size_t question = rest.find('?');
    const auto query =
        read_query(question == std::string_view::npos ? std::string_view{} : rest.substr(question + 1));
    if (!query) return std::unexpected(query.error());
    std::string_view authority = rest.substr(0, question);
    if (authority.find('@') != std::string_view::npos)
        return std::unexpected(
            "a user name or password in a server URL is refused: it would be visible to others; use --user "
            "and --password-file");
    if (authority.ends_with('/')) authority.remove_suffix(1);
    const auto [host_text, port_text] = split_authority(authority);
    const auto host = HostName::from(host_text);
    if (!host)
        return std::unexpected("'" + std::string(host_text) + "' is not a host name" + std::string(example));
    std::optional<Port> port;
    if (port_text) {
        port = Port::from(*port_text);
        if (!port)
            return std::unexpected("'" + std::string(*port_text) +
                                   "' is not a port: ports are numbers from 1 to 65535");
    }
    std::optional<Security> security = *query ? *query : scheme->security;
    if (!security) {
        const auto custom = port ? custom_of(*port) : std::nullopt;
        security = custom ? custom->security : port ? Security::starttls : Security::tls;
    }
    if (!port) port = usual_port(scheme->protocol, *security);
    return ServerSetting{
        .protocol = scheme->protocol, .host = *host, .port = *port, .security = *security, .source = "typed"};
}

std::string server_url(const ServerSetting& setting) {
    const bool v6 = setting.host.text().find(':') != std::string::npos;
    return std::string(word(setting.protocol)) + "://" +
           (v6 ? "[" + setting.host.text() + "]" : setting.host.text()) + ":" +
           std::to_string(setting.port.number()) + "?security=" + std::string(word(setting.security));
}

}  // namespace maildoctor
