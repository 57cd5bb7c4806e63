#include "core/mail/steps.h"

namespace maildoctor::mail {
namespace {

using Kind = protocol::Pop3Status::Kind;

Task<Result<void>> greeting(SessionPtr session, Deadline deadline) {
    auto status = co_await session->pop3_status(Stage::greeting, deadline);
    if (!status) co_return std::unexpected(std::move(status).error());
    session->facts.greeting_ok = status->kind == Kind::ok;
    if (!session->facts.greeting_ok)
        co_return std::unexpected(session->refused(Stage::greeting, shown(*status)));
    session->facts.apop_stamp = protocol::apop_stamp(status->text);
    co_return Result<void>{};
}

/// CAPA (RFC 2449). Old servers refuse it, which is no fault.
Task<Result<void>> capabilities(SessionPtr session, Deadline deadline) {
    auto status = co_await session->pop3_command("CAPA", Stage::capabilities, deadline);
    if (!status) co_return std::unexpected(std::move(status).error());
    session->facts.capabilities_known = true;
    if (status->kind != Kind::ok) co_return Result<void>{};
    auto body = co_await session->pop3_body(Stage::capabilities, deadline);
    if (!body) co_return std::unexpected(std::move(body).error());
    MailFacts& facts = session->facts;
    session->pop3 = protocol::read_capa(*body);
    facts.limits.login_delay = session->pop3.login_delay;
    facts.limits.keep_days = session->pop3.expire;
    facts.login_disabled = !session->pop3.user && session->pop3.sasl.empty() && facts.apop_stamp.empty();
    if (!session->is_encrypted()) {
        facts.starttls_offered = session->pop3.stls;
        facts.login_disabled_plain = facts.login_disabled;
    }
    keep_capabilities(*session, session->pop3.lines, session->pop3.sasl);
    co_return Result<void>{};
}

Task<Result<void>> starttls(SessionPtr session, Deadline deadline) {
    auto status = co_await session->pop3_command("STLS", Stage::starttls, deadline);
    if (!status) co_return std::unexpected(std::move(status).error());
    if (status->kind != Kind::ok)
        co_return std::unexpected(session->refused(Stage::starttls, shown(*status)));
    co_return Result<void>{};
}

}  // namespace

const Steps pop3_steps{.greeting = greeting, .capabilities = capabilities, .starttls = starttls};

}  // namespace maildoctor::mail
