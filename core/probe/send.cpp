#include "core/probe/send.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/async/event.h"
#include "core/mail/send.h"
#include "core/mime/received.h"
#include "core/model/dialog.h"
#include "core/probe/hold_dialog.h"

namespace maildoctor::probe {
namespace {

constexpr std::chrono::milliseconds between_looks{2000}, between_logins{5000};
constexpr std::chrono::milliseconds for_the_rest{2000};  // of the run's time, left to others

/// An open session that has logged in; null, with the reason in `seen`, when that fails.
Task<mail::SessionPtr> logged_in(ContextPtr context, LoginAt at, Observation& seen) {
    mail::DialogPlan dialog = plan_for(*context, at.question);
    dialog.stop_after_capabilities = dialog.try_starttls_if_offered = false;
    mail::SessionPtr session = co_await hold_dialog(context, at.question, std::move(dialog), seen);
    if (!session) co_return nullptr;
    auto result = co_await mail::log_in(session, std::move(at.login), context->deadline);
    if (result.outcome == mail::LoginResult::Outcome::accepted && session->is_open()) co_return session;
    seen.failure =
        result.failure
            ? std::move(result.failure)
            : Failure{.stage = Stage::login, .kind = FailureKind::rejected, .text = result.refusal};
    co_await session->goodbye(session->limits().goodbye, context->deadline);
    session->close();
    co_return nullptr;
}

/// Watches one mailbox for the message.
struct Watch {
    ContextPtr context;
    LoginAt at;
    std::string id;
    mail::SessionPtr session{};
    std::string not_seen{"it had not arrived when the time limit came near"};

    /// @return the header once it is there; empty when it was not seen
    Task<std::string> run();
    Task<bool> look(std::shared_ptr<std::string> header);
    Task<void> leave();
    std::chrono::milliseconds pause() const;
};

/// A POP3 session shows the mailbox as it was at the login, so that each look takes a new one.
std::chrono::milliseconds Watch::pause() const {
    if (at.question.protocol != Protocol::pop3) return between_looks;
    const std::chrono::seconds asked(session ? session->pop3.login_delay.value_or(0) : 0);
    return std::max<std::chrono::milliseconds>(between_logins, asked);
}

/// @return whether to go on
Task<bool> Watch::look(std::shared_ptr<std::string> header) {
    if (!session || !session->is_open()) {
        Observation unused;
        session = co_await logged_in(context, at, unused);
        if (!session) {
            not_seen = "the mailbox could not be opened" +
                       (unused.failure ? ": " + unused.failure->text : std::string{});
            co_return false;
        }
    }
    auto found = co_await mail::find_message(session, id, context->deadline);
    if (!found) {
        not_seen = "the mailbox could not be searched: " + found.error().text;
        co_return false;
    }
    *header = std::move(*found);
    co_return header->empty();
}

Task<void> Watch::leave() {
    if (!session) co_return;
    co_await session->goodbye(session->limits().goodbye, context->deadline);
    session->close();
}

Task<std::string> Watch::run() {
    auto header = std::make_shared<std::string>();
    while (co_await look(header)) {
        const auto wait = pause();
        if (Clock::now() + wait + for_the_rest >= context->deadline.at()) break;
        if (at.question.protocol == Protocol::pop3) co_await leave();
        if (!co_await async::sleep_until(Clock::now() + wait)) {
            not_seen = "the check was stopped";
            break;
        }
    }
    co_await leave();
    co_return std::move(*header);
}

/// Seconds since 1970 UTC by this computer's clock.
std::int64_t seconds_now() {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

SendFacts facts_of(const mail::TestMessage& message, mail::SubmitResult result) {
    return {.sender = message.sender,
            .recipient = message.recipient,
            .message_id = message.id,
            .accepted = result.accepted,
            .command = std::move(result.command),
            .code = result.code,
            .reply = std::move(result.reply)};
}

}  // namespace

Task<Observation> send_test(ContextPtr context, SendQuestion question) {
    Observation seen = start_observation(*context, question.outgoing.question, send_probe);
    mail::SessionPtr session = co_await logged_in(context, std::move(question.outgoing), seen);
    if (!session) {
        seen.answer = Answer::unknown;
        co_return seen;
    }
    const mail::TestMessage message{.sender = question.sender,
                                    .recipient = question.recipient,
                                    .id = mail::made_up_message_id(question.sender),
                                    .time = seconds_now()};
    auto result = co_await mail::submit(session, message, context->deadline);
    const auto handed_over = Clock::now();
    const std::int64_t handed_over_at = seconds_now();
    co_await session->goodbye(session->limits().goodbye, context->deadline);
    session->close();
    seen.transcript = session->transcript().lines();
    seen.failure = result.failure;
    seen.send = facts_of(message, std::move(result));
    seen.send->handed_over = handed_over_at;
    seen.answer = seen.send->accepted ? Answer::yes : seen.send->code >= 500 ? Answer::no : Answer::unknown;
    if (seen.send->accepted && question.mailbox) {
        Watch watch{.context = context, .at = std::move(*question.mailbox), .id = message.id};
        const std::string header = co_await watch.run();
        seen.send->waited = true;
        if (header.empty()) {
            seen.answer = Answer::unknown;
            seen.send->not_seen = watch.not_seen;
        } else {
            seen.send->delay =
                std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - handed_over);
            seen.send->path = mime::received_path(header);
        }
    }
    seen.took = context->since_began() - seen.started;
    co_return seen;
}

}  // namespace maildoctor::probe
