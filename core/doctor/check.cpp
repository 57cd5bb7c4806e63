#include "core/doctor/check.h"

#include <chrono>
#include <utility>

#include "core/doctor/advice.h"
#include "core/doctor/check_run.h"
#include "core/doctor/reference.h"
#include "core/doctor/told.h"
#include "core/doctor/transport_policy.h"
#include "core/doctor/version.h"

namespace maildoctor::doctor {

Task<Report> run_check(CheckInput input) {
    Report report{.version = std::string(version())};
    report.request = input.request;
    report.clues = input.clues;
    report.started =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
            .count();
    const knowledge::Pack pack = input.pack;
    const probe::ContextPtr context = input.context;
    const std::shared_ptr<diagnose::Case> kept = input.kept;
    OtherRuns others = input.others;
    const std::vector<IpAddress> resolvers = input.resolver_addresses;
    std::vector<Observation> observations;
    Discovery discovery;
    diagnose::LoginCase login;
    if (input.reference && input.request.email && input.request.incoming) {
        observations = co_await probe_reference(context, nullptr, input.request.email->domain,
                                                input.request.incoming->host, Kept::all);
    } else {
        CheckRun run(std::move(input), co_await asio::this_coro::executor);
        co_await run.probe_all();
        observations = run.take();
        discovery = run.take_discovery();
        login = run.login_summary();
        for (const std::string& host : run.status_hosts())
            discovery.told.push_back(
                {.who = host, .what = "which certificate was seen, to learn whether it was revoked"});
        compare_with_policy(observations, report.started);
    }
    diagnose::Case seen{.request = report.request,
                        .clues = report.clues,
                        .observations = std::move(observations),
                        .sources = std::move(discovery.sources),
                        .now = report.started,
                        .cancelled = co_await async::cancelled(),
                        .out_of_time = context->deadline.passed(),
                        .login = std::move(login),
                        .others = std::move(others)};
    report.told = who_was_told(report.request, resolvers, std::move(discovery.told), seen.observations);
    tell_diagnosis(report, diagnose::diagnose(seen, pack));
    if (report.request.email) add_publication(report.request.email->domain, report);
    report.observations = std::move(seen.observations);
    report.duration = context->since_began();
    if (kept) *kept = std::move(seen);
    co_return report;
}

void tell_diagnosis(Report& report, diagnose::Diagnosis diagnosis) {
    report.verdict = diagnosis.verdict;
    report.findings = std::move(diagnosis.findings);
    report.not_tested = std::move(diagnosis.not_tested);
    report.settings = std::move(diagnosis.settings);
    report.notes = std::move(diagnosis.notes);
    report.limits = std::move(diagnosis.limits);
}

}  // namespace maildoctor::doctor
