#include "core/doctor/reference.h"

#include <array>
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

std::vector<Task<Observation>> lookups(const probe::ContextPtr& context, const std::string& domain) {
    std::vector<Task<Observation>> tasks;
    const auto ask = [&](std::string name, RecordType type) {
        tasks.push_back(probe::lookup(context, std::move(name), type, "reference"));
    };
    ask(domain, RecordType::mx);
    ask(domain, RecordType::txt);
    ask("_dmarc." + domain, RecordType::txt);
    ask("autoconfig." + domain, RecordType::a);
    for (const SrvService& service : srv_services)
        ask(std::string(service.label) + "." + domain, RecordType::srv);
    return tasks;
}

Task<Observation> visit(probe::ContextPtr context, std::shared_ptr<Politeness> politeness,
                        probe::PortQuestion question) {
    Politeness::Permit permit;
    if (politeness) permit = co_await Politeness::ask(politeness, question.addresses, context->deadline);
    if (politeness && !permit) {
        Observation seen = probe::start_observation(*context, question, dialog_probe);
        seen.failure = Failure{.stage = Stage::connect,
                               .kind = FailureKind::out_of_time,
                               .text = "the time limit ran out before the server's turn came"};
        co_return seen;
    }
    co_return co_await probe::port_dialog(std::move(context), std::move(question));
}

Task<std::vector<Observation>> visit_all(probe::ContextPtr context, std::shared_ptr<Politeness> politeness,
                                         HostName host) {
    std::vector<Observation> seen = co_await probe::host_addresses(context, host, "reference");
    const auto& v4 = seen.front().dns->addresses;
    if (v4.empty()) co_return seen;
    std::vector<Task<Observation>> visits;
    for (const int number : ports) {
        const Port port = *Port::from(number);
        const PortCustom custom = *custom_of(port);
        visits.push_back(visit(context, politeness,
                               {.host = host,
                                .addresses = {v4.front()},
                                .port = port,
                                .protocol = custom.protocol,
                                .start = custom.security,
                                .role = role_of(custom.protocol),
                                .source = "reference"}));
    }
    for (Observation& visit : co_await async::when_all(std::move(visits)))
        seen.push_back(std::move(visit));
    co_return seen;
}

}  // namespace

Task<std::vector<Observation>> probe_reference(probe::ContextPtr context,
                                               std::shared_ptr<Politeness> politeness, HostName domain,
                                               HostName host) {
    std::vector<Task<std::vector<Observation>>> both;
    struct Names {
        static Task<std::vector<Observation>> all(std::vector<Task<Observation>> tasks) {
            co_return co_await async::when_all(std::move(tasks));
        }
    };
    both.push_back(Names::all(lookups(context, domain.text())));
    both.push_back(visit_all(context, std::move(politeness), std::move(host)));
    std::vector<Observation> seen;
    for (auto& part : co_await async::when_all(std::move(both))) {
        for (Observation& one : part) {
            one.id = seen.size();
            seen.push_back(std::move(one));
        }
    }
    co_return seen;
}

}  // namespace maildoctor::doctor
