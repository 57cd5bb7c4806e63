#include "core/mail/steps.h"

namespace maildoctor::mail {
namespace {

using Condition = protocol::ImapResponse::Condition;

void keep(Session& session, const std::vector<std::string>& words) {
    MailFacts& facts = session.facts;
    session.imap = protocol::read_imap_capabilities(words);
    facts.capabilities_known = true;
    facts.limits.upload_size = session.imap.upload_size;
    facts.login_disabled = session.imap.login_disabled;
    if (!session.is_encrypted()) {
        facts.starttls_offered = session.imap.starttls;
        facts.login_disabled_plain = facts.login_disabled;
    }
    keep_capabilities(session, words, session.imap.auth);
}

Task<Result<void>> greeting(SessionPtr session, Deadline deadline) {
    auto response = co_await session->imap_response(Stage::greeting, deadline);
    if (!response) co_return std::unexpected(std::move(response).error());
    MailFacts& facts = session->facts;
    facts.greeting_ok = response->condition == Condition::ok || response->condition == Condition::preauth;
    if (!facts.greeting_ok) {
        if (response->condition == Condition::none)
            co_return failed(Stage::greeting, FailureKind::bad_syntax, facts.greeting);
        Failure failure = session->refused(Stage::greeting, shown(*response));
        if (response->condition == Condition::bye) session->close();
        co_return std::unexpected(std::move(failure));
    }
    if (!response->capabilities.empty()) keep(*session, response->capabilities);
    co_return Result<void>{};
}

/// CAPABILITY, unless the greeting has told it. What was told before encryption is not believed afterwards.
Task<Result<void>> capabilities(SessionPtr session, Deadline deadline) {
    const MailFacts& facts = session->facts;
    if (!(session->is_encrypted() ? facts.capabilities_after : facts.capabilities_before).empty())
        co_return Result<void>{};
    auto answer = co_await session->imap_command("CAPABILITY", Stage::capabilities, deadline);
    if (!answer) co_return std::unexpected(std::move(answer).error());
    if (answer->tagged.condition != Condition::ok)
        co_return std::unexpected(session->refused(Stage::capabilities, shown(answer->tagged)));
    std::vector<std::string> words = answer->tagged.capabilities;
    for (const auto& response : answer->untagged) {
        if (!response.capabilities.empty()) words = response.capabilities;
    }
    keep(*session, words);
    co_return Result<void>{};
}

Task<Result<void>> starttls(SessionPtr session, Deadline deadline) {
    auto answer = co_await session->imap_command("STARTTLS", Stage::starttls, deadline);
    if (!answer) co_return std::unexpected(std::move(answer).error());
    if (answer->tagged.condition != Condition::ok)
        co_return std::unexpected(session->refused(Stage::starttls, shown(answer->tagged)));
    co_return Result<void>{};
}

}  // namespace

const Steps imap_steps{.greeting = greeting, .capabilities = capabilities, .starttls = starttls};

}  // namespace maildoctor::mail
