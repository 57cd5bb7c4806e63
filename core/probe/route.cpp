#include "core/probe/route.h"

#include <asio.hpp>

namespace maildoctor::probe {

Task<Observation> has_route(ContextPtr context, std::vector<IpAddress> addresses) {
    Observation seen{.probe = "net.route"};
    seen.started = context->since_began();
    seen.answer = Answer::no;
    for (const IpAddress& address : addresses) {
        asio::error_code error;
        const auto target = asio::ip::make_address(address.text(), error);
        asio::ip::udp::socket socket(co_await asio::this_coro::executor);
        constexpr std::uint16_t any_port = 53;
        if (!error) socket.connect({target, any_port}, error);  // a UDP connect only picks a route
        if (!error) seen.answer = Answer::yes;
    }
    if (seen.answer == Answer::no)
        seen.failure = Failure{.stage = Stage::local,
                               .kind = FailureKind::unreachable,
                               .text = "this computer has no route to its name servers"};
    seen.took = context->since_began() - seen.started;
    co_return seen;
}

}  // namespace maildoctor::probe
