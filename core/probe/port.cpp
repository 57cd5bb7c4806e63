#include "core/probe/port.h"

#include <utility>

#include "core/model/dialog.h"
#include "core/net/connect.h"
#include "core/probe/hold_dialog.h"

namespace maildoctor::probe {
namespace {

constexpr std::chrono::milliseconds impatient_greeting{4000};

/// A limit of the whole run that ends a step is not the server's fault and must not look like it.
void mark_out_of_time(const Context& context, std::optional<Failure>& failure) {
    if (failure && failure->kind == FailureKind::timed_out && context.deadline.passed())
        failure->kind = FailureKind::out_of_time;
}

}  // namespace

Observation start_observation(const Context& context, const PortQuestion& question, std::string_view probe) {
    Observation seen{.probe = std::string(probe)};
    seen.subject = {.host = question.host.text(),
                    .port = question.port,
                    .protocol = question.protocol,
                    .security = question.start,
                    .role = question.role};
    seen.source = question.source;
    seen.started = context.since_began();
    return seen;
}

mail::DialogPlan plan_for(const Context& context, const PortQuestion& question) {
    mail::DialogPlan plan{.protocol = question.protocol,
                          .security = question.start,
                          .host = question.host,
                          .ehlo_name = context.ehlo_name,
                          .on_silence = question.on_silence};
    if (question.impatient) plan.limits.greeting = impatient_greeting;
    return plan;
}

Task<mail::SessionPtr> hold_dialog(ContextPtr context, PortQuestion question, mail::DialogPlan plan,
                                   Observation& seen) {
    auto race = co_await net::Race::start(question.addresses, question.port, context->deadline);
    auto winner = co_await race->winner();
    mail::SessionPtr session;
    if (winner && question.addresses.size() == 1) {  // nobody else runs: no need to keep the race meanwhile
        seen.connects = co_await race->finish();
        race.reset();
    }
    if (winner) {
        seen.subject.address = winner->address;
        seen.local = winner->local;
        auto result =
            co_await mail::run_dialog(std::move(plan), winner->stream,
                                      context->tls->upgrade({.host = question.host}), context->deadline);
        session = std::move(result.session);
        if (!session) winner->stream->close();
        seen.mail = std::move(result.mail);
        seen.tls = std::move(result.tls);
        seen.failure = std::move(result.failure);
        seen.transcript = std::move(result.transcript);
        if (!seen.failure) seen.answer = Answer::yes;
    } else {
        seen.failure = std::move(winner).error();
        if (seen.failure->kind == FailureKind::refused) seen.answer = Answer::no;
    }
    if (race) seen.connects = co_await race->finish();
    mark_out_of_time(*context, seen.failure);
    seen.took = context->since_began() - seen.started;
    co_return session;
}

Task<Observation> port_connect(ContextPtr context, PortQuestion question) {
    Observation seen = start_observation(*context, question, connect_probe);
    auto race = co_await net::Race::start(question.addresses, question.port, context->deadline);
    auto winner = co_await race->winner();
    seen.connects = co_await race->finish();
    if (winner) {
        winner->stream->close();
        seen.answer = Answer::yes;
        seen.subject.address = winner->address;
    } else {
        seen.failure = std::move(winner).error();
        if (seen.failure->kind == FailureKind::refused) seen.answer = Answer::no;
    }
    seen.took = context->since_began() - seen.started;
    co_return seen;
}

Task<Observation> port_dialog(ContextPtr context, PortQuestion question) {
    Observation seen = start_observation(*context, question, dialog_probe);
    mail::DialogPlan plan = plan_for(*context, question);
    (void)co_await hold_dialog(context, std::move(question), std::move(plan), seen);
    co_return seen;
}

}  // namespace maildoctor::probe
