#include "core/probe/clock.h"

#include <chrono>
#include <utility>

#include "core/model/dialog.h"
#include "core/protocol/date.h"

namespace maildoctor::probe {
namespace {

constexpr std::chrono::milliseconds clock_limit{3000};

}  // namespace

Task<Observation> ask_clock(ContextPtr context, std::shared_ptr<const http::Transport> web, HostName host) {
    Observation seen{.probe = std::string(clock_probe)};
    seen.subject = {.host = host.text()};
    seen.started = context->since_began();
    http::Query query{.url = "http://" + host.text() + "/", .follow_redirects = false};
    http::Answer answer =
        co_await http::fetch(std::move(web), std::move(query), context->deadline.within(clock_limit));
    seen.took = context->since_began() - seen.started;
    seen.failure = std::move(answer.failure);
    if (!answer.response) co_return seen;
    const auto theirs = protocol::date_in(answer.response->date);
    if (!theirs) co_return seen;
    const auto ours = std::chrono::system_clock::now().time_since_epoch();
    seen.clock = ClockFacts{.theirs = *theirs,
                            .ours = std::chrono::duration_cast<std::chrono::seconds>(ours).count(),
                            .source = "web server of " + host.text()};
    seen.answer = Answer::yes;
    co_return seen;
}

}  // namespace maildoctor::probe
