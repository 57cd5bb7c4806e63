#include "core/net/route.h"

#include <asio.hpp>

namespace maildoctor::net {

Task<bool> has_route(std::vector<IpAddress> addresses) {
    constexpr std::uint16_t any_port = 53;
    for (const IpAddress& address : addresses) {
        asio::error_code error;
        const auto target = asio::ip::make_address(address.text(), error);
        if (error) continue;
        asio::ip::udp::socket socket(co_await asio::this_coro::executor);
        socket.connect({target, any_port}, error);  // a UDP connect only picks a route
        if (!error) co_return true;
    }
    co_return false;
}

}  // namespace maildoctor::net
