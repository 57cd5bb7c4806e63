#include "core/queue/address.h"

#include <algorithm>

#include "core/model/ascii.h"
#include "core/model/words.h"

namespace maildoctor::queue {
namespace {

constexpr std::size_t max_stream = 100;
constexpr std::size_t max_host = 253;

bool is_host_char(char c) {
    return is_alnum(c) || c == '.' || c == '-' || c == '_' || c == ':';
}
bool is_stream_char(char c) {
    return is_alnum(c) || c == '.' || c == '-' || c == '_' || c == ':';
}

}  // namespace

std::string QueueAddress::text() const {
    const bool six = host.find(':') != std::string::npos;
    return "redis://" + (six ? "[" + host + "]" : host) + ":" + std::to_string(port) + "/" + stream;
}

std::expected<QueueAddress, std::string> parse_queue_address(std::string_view text) {
    constexpr std::string_view scheme = "redis://";
    constexpr const char* form = "a queue is given as redis://HOST:PORT/STREAM";
    if (text.starts_with("rediss://"))
        return std::unexpected(
            "redis with TLS (rediss://) is not spoken here: use a trusted network or a tunnel such as "
            "stunnel");
    if (!text.starts_with(scheme)) return std::unexpected(form);
    text.remove_prefix(scheme.size());
    const std::size_t slash = text.find('/');
    std::string_view where = text.substr(0, slash);
    if (where.find('@') != std::string_view::npos)
        return std::unexpected(
            "a password does not belong into the queue's address, where others see it: use "
            "--queue-password-file");
    QueueAddress address;
    if (slash != std::string_view::npos) address.stream = text.substr(slash + 1);
    if (address.stream.empty() || address.stream.size() > max_stream ||
        !std::ranges::all_of(address.stream, is_stream_char))
        return std::unexpected(std::string(form) + "; STREAM holds letters, digits, '.', '-', '_' and ':'");
    std::string_view host = where;
    std::string_view port;
    if (where.starts_with('[')) {
        const std::size_t close = where.find(']');
        if (close == std::string_view::npos) return std::unexpected(form);
        host = where.substr(1, close - 1);
        port = where.substr(close + 1);
    } else if (const std::size_t colon = where.rfind(':'); colon != std::string_view::npos) {
        host = where.substr(0, colon);
        port = where.substr(colon);
        if (host.find(':') != std::string_view::npos) return std::unexpected(form);
    }
    if (host.empty() || host.size() > max_host || !std::ranges::all_of(host, is_host_char))
        return std::unexpected(form);
    address.host = host;
    if (!port.empty()) {
        const auto number = port.starts_with(':') ? Port::from(port.substr(1)) : std::nullopt;
        if (!number) return std::unexpected("the queue's port is a number from 1 to 65535");
        address.port = number->number();
    }
    return address;
}

}  // namespace maildoctor::queue
