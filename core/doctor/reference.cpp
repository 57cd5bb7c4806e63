#include "core/doctor/reference.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "core/async/when_all.h"
#include "core/model/dialog.h"
#include "core/plan/candidates.h"
#include "core/probe/hold_dialog.h"
#include "core/probe/lookup.h"
#include "core/probe/port.h"

namespace maildoctor::doctor {
namespace {

constexpr std::array ports = {25, 110, 143, 465, 587, 993, 995};

// Thousands of these are under way at once: what is seen goes straight to its place instead of through the
// frames of coroutines that wait.
using Places = std::shared_ptr<std::vector<Observation>>;
constexpr std::size_t names = 10, addresses = 2;

/// @param seen null: the answer is not kept
Task<void> look_up(probe::ContextPtr context, std::string name, RecordType type, Places seen,
                   std::size_t place) {
    Observation answer = co_await probe::lookup(std::move(context), std::move(name), type, "reference");
    if (seen) (*seen)[place] = std::move(answer);
}

void start_lookups(async::Group& group, const probe::ContextPtr& context, const std::string& domain,
                   const Places& seen) {
    std::size_t place = 0;
    const auto ask = [&](std::string name, RecordType type) {
        group.start(look_up(context, std::move(name), type, seen, place++));
    };
    ask(domain, RecordType::mx);
    ask(domain, RecordType::txt);
    ask("_dmarc." + domain, RecordType::txt);
    ask("autoconfig." + domain, RecordType::a);
    for (const SrvService& service : srv_services)
        ask(std::string(service.label) + "." + domain, RecordType::srv);
}

void give_up_waiting(Observation& seen) {
    seen.failure = Failure{.stage = Stage::connect,
                           .kind = FailureKind::out_of_time,
                           .text = "the time limit ran out before the server's turn came"};
}

Task<void> visit(probe::ContextPtr context, std::shared_ptr<Politeness> politeness,
                 probe::PortQuestion question, Places seen, std::size_t place) {
    (*seen)[place] = probe::start_observation(*context, question, dialog_probe);
    Politeness::Permit permit;
    if (politeness) permit = co_await Politeness::ask(politeness, question.addresses, context->deadline);
    if (politeness && !permit) {
        give_up_waiting((*seen)[place]);
        co_return;
    }
    mail::DialogPlan plan = probe::plan_for(*context, question);
    (void)co_await probe::hold_dialog(std::move(context), std::move(question), std::move(plan),
                                      (*seen)[place]);
}

/// The host's first IPv4 address.
Task<std::optional<IpAddress>> address_of(probe::ContextPtr context, HostName host, Places seen) {
    std::vector<Observation> both =
        co_await probe::host_addresses(std::move(context), std::move(host), "reference");
    std::optional<IpAddress> address;
    if (const auto& v4 = both.front().dns->addresses; !v4.empty()) address = v4.front();
    if (seen) std::ranges::move(both, seen->begin() + names);
    co_return address;
}

Task<void> visit_all(probe::ContextPtr context, std::shared_ptr<Politeness> politeness, HostName host,
                     Places answers, Places seen) {
    const auto address = co_await address_of(context, host, std::move(answers));
    if (!address) co_return;
    seen->resize(ports.size());
    async::Group group(co_await asio::this_coro::executor);
    for (std::size_t i = 0; i < ports.size(); ++i) {
        const Port port = *Port::from(ports[i]);
        const PortCustom custom = *custom_of(port);
        group.start(visit(context, politeness,
                          {.host = host,
                           .addresses = {*address},
                           .port = port,
                           .protocol = custom.protocol,
                           .start = custom.security,
                           .role = role_of(custom.protocol),
                           .source = "reference"},
                          seen, i));
    }
    co_await group.wait();
}

}  // namespace

Task<std::vector<Observation>> probe_reference(probe::ContextPtr context,
                                               std::shared_ptr<Politeness> politeness, HostName domain,
                                               HostName host, Kept kept) {
    Places answers;
    if (kept == Kept::all) answers = std::make_shared<std::vector<Observation>>(names + addresses);
    const auto visits = std::make_shared<std::vector<Observation>>();
    async::Group group(co_await asio::this_coro::executor);
    start_lookups(group, context, domain.text(), answers);
    group.start(visit_all(std::move(context), std::move(politeness), std::move(host), answers, visits));
    co_await group.wait();
    std::vector<Observation> seen;
    if (answers) seen = std::move(*answers);
    std::ranges::move(*visits, std::back_inserter(seen));
    for (std::size_t i = 0; i < seen.size(); ++i)
        seen[i].id = i;
    co_return seen;
}

}  // namespace maildoctor::doctor
