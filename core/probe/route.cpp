#include "core/probe/route.h"

#include <utility>

#include "core/net/route.h"

namespace maildoctor::probe {

Task<Observation> has_route(ContextPtr context, std::vector<IpAddress> addresses) {
    Observation seen{.probe = "net.route"};
    seen.started = context->since_began();
    seen.answer = co_await net::has_route(std::move(addresses)) ? Answer::yes : Answer::no;
    if (seen.answer == Answer::no)
        seen.failure = Failure{.stage = Stage::local,
                               .kind = FailureKind::unreachable,
                               .text = "this computer has no route to its name servers"};
    seen.took = context->since_began() - seen.started;
    co_return seen;
}

}  // namespace maildoctor::probe
