#include "core/mail/steps.h"

namespace maildoctor::mail {
namespace {

constexpr int service_closing = 421;  // RFC 5321 section 3.8: the server closes the connection

Failure refusal(Session& session, Stage stage, const protocol::SmtpReply& reply) {
    Failure failure = session.refused(stage, reply.text(), reply.code);
    if (reply.code == service_closing) session.close();
    return failure;
}

Task<Result<void>> greeting(SessionPtr session, Deadline deadline) {
    auto reply = co_await session->smtp_reply(Stage::greeting, deadline);
    if (!reply) co_return std::unexpected(std::move(reply).error());
    session->facts.greeting_code = reply->code;
    session->facts.greeting_ok = reply->code >= 200 && reply->code < 300;
    if (!session->facts.greeting_ok) co_return std::unexpected(refusal(*session, Stage::greeting, *reply));
    co_return Result<void>{};
}

void keep(Session& session, const protocol::SmtpReply& reply) {
    session.smtp = protocol::read_ehlo(reply);
    session.facts.capabilities_known = true;
    session.facts.limits.message_size = session.smtp.size;
    session.facts.limits.recipients = session.smtp.recipients;
    session.facts.limits.messages = session.smtp.messages;
    if (!session.is_encrypted()) session.facts.starttls_offered = session.smtp.starttls;
    session.facts.service = Service::smtp;  // whatever the greeting looked like
    keep_capabilities(session, session.smtp.lines, session.smtp.auth);
}

/// EHLO, and HELO where EHLO is refused for good (RFC 5321 section 3.2).
Task<Result<void>> capabilities(SessionPtr session, Deadline deadline) {
    auto ehlo = co_await session->smtp_command("EHLO " + session->ehlo_name, Stage::capabilities, deadline);
    if (!ehlo) co_return std::unexpected(std::move(ehlo).error());
    if (ehlo->is_positive()) {
        keep(*session, *ehlo);
        co_return Result<void>{};
    }
    if (!ehlo->is_permanent()) co_return std::unexpected(refusal(*session, Stage::capabilities, *ehlo));
    auto helo = co_await session->smtp_command("HELO " + session->ehlo_name, Stage::capabilities, deadline);
    if (!helo || !helo->is_positive())
        co_return std::unexpected(refusal(*session, Stage::capabilities, *ehlo));
    session->facts.helo_fallback = true;
    session->facts.capabilities_known = true;
    session->facts.service = Service::smtp;
    co_return Result<void>{};
}

Task<Result<void>> starttls(SessionPtr session, Deadline deadline) {
    auto reply = co_await session->smtp_command("STARTTLS", Stage::starttls, deadline);
    if (!reply) co_return std::unexpected(std::move(reply).error());
    if (!reply->is_positive()) co_return std::unexpected(refusal(*session, Stage::starttls, *reply));
    co_return Result<void>{};
}

}  // namespace

const Steps smtp_steps{.greeting = greeting, .capabilities = capabilities, .starttls = starttls};

}  // namespace maildoctor::mail
