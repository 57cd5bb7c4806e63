#include "core/probe/login.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

#include "core/model/dialog.h"
#include "core/probe/hold_dialog.h"
#include "core/protocol/stated.h"

namespace maildoctor::probe {
namespace {

constexpr std::uint64_t longest_delay = 86400;  // seconds

LoginOutcome outcome_of(mail::LoginResult::Outcome outcome) noexcept {
    switch (outcome) {
        case mail::LoginResult::Outcome::accepted:
            return LoginOutcome::accepted;
        case mail::LoginResult::Outcome::refused:
            return LoginOutcome::refused;
        case mail::LoginResult::Outcome::unavailable:
            return LoginOutcome::unavailable;
        case mail::LoginResult::Outcome::no_mechanism:
            return LoginOutcome::no_mechanism;
        case mail::LoginResult::Outcome::not_protected:
            return LoginOutcome::not_protected;
        case mail::LoginResult::Outcome::broken:
            break;
    }
    return LoginOutcome::broken;
}

LoginFacts facts_of(mail::LoginResult result, std::string user) {
    LoginFacts facts{.user = std::move(user),
                     .mechanism = std::move(result.mechanism),
                     .offered = std::move(result.offered),
                     .outcome = outcome_of(result.outcome),
                     .refusal = std::move(result.refusal),
                     .refusal_code = result.refusal_code,
                     .response_code = std::move(result.response_code),
                     .notices = std::move(result.notices),
                     .secret_sent = result.secret_sent,
                     .unprotected = result.unprotected,
                     .verifier_needed = result.verifier_needed};
    if (result.after) {
        facts.after_command = std::move(result.after->command);
        facts.after_works = result.after->works;
        facts.after_refusal = std::move(result.after->refusal);
        facts.after_code = result.after->refusal_code;
        facts.messages = result.after->messages;
        facts.octets = result.after->octets;
        facts.other_sender = std::move(result.after->other_sender);
        facts.foreign_recipient = std::move(result.after->foreign_recipient);
    }
    return facts;
}

}  // namespace

Task<Observation> port_login(ContextPtr context, PortQuestion question, mail::LoginPlan plan) {
    Observation seen = start_observation(*context, question, login_probe);
    mail::DialogPlan dialog = plan_for(*context, question);
    dialog.stop_after_capabilities = dialog.try_starttls_if_offered = false;
    const mail::SessionPtr session =
        co_await hold_dialog(context, std::move(question), std::move(dialog), seen);
    if (!session) {
        seen.answer = Answer::unknown;
        co_return seen;
    }
    std::string user = plan.user;
    const std::optional<std::uint64_t> delay = session->pop3.login_delay;
    auto result = co_await mail::log_in(session, std::move(plan), context->deadline);
    co_await session->goodbye(session->limits().goodbye, context->deadline);
    session->close();
    seen.transcript = session->transcript().lines();
    const bool accepted = result.outcome == mail::LoginResult::Outcome::accepted;
    seen.answer = accepted                                                ? Answer::yes
                  : result.outcome == mail::LoginResult::Outcome::refused ? Answer::no
                                                                          : Answer::unknown;
    seen.failure = accepted && result.after ? result.after->failure : result.failure;
    seen.login = facts_of(std::move(result), std::move(user));
    seen.login->pause = protocol::asked_pause(seen.login->refusal);
    if (!seen.login->pause && delay)
        seen.login->pause = std::chrono::seconds(std::min(*delay, longest_delay));
    seen.took = context->since_began() - seen.started;
    co_return seen;
}

}  // namespace maildoctor::probe
