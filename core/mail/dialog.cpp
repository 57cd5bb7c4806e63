#include "core/mail/dialog.h"

#include <algorithm>
#include <utility>

#include "core/mail/steps.h"
#include "core/model/text.h"
#include "core/protocol/service.h"

namespace maildoctor::mail {
namespace {

constexpr std::size_t most_greeting = 512;  // octets of a first line that are kept
constexpr std::size_t most_injected = 512;
constexpr std::size_t most_capabilities = 128;
constexpr std::size_t most_capability = 512;  // octets
constexpr std::string_view private_ehlo_name = "[127.0.0.1]";

std::chrono::microseconds since(Clock::time_point moment) {
    return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - moment);
}

/// One run of run_dialog.
struct Dialog {
    DialogPlan plan;
    SessionPtr session;
    net::Upgrade upgrade;
    Deadline deadline;
    DialogTimings timings{};
    bool asked_for{true};  ///< what fails now is part of what was asked for

    const Steps& steps() const { return steps_of(plan.protocol); }
    Task<Result<void>> run();
    Task<Result<void>> handshake();
    Task<Result<void>> greeting();
    Task<bool> is_no_mail_server(Failure silence);
    Task<Result<void>> capabilities();
    Task<Result<void>> encrypt();
    void keep_first_line();
};

Task<Result<void>> Dialog::run() {
    if (plan.security == Security::tls) {
        auto encrypted = co_await handshake();
        if (!encrypted) {
            MailFacts& facts = session->facts;
            if (session->tls && session->tls->text_answer) {
                facts.service = protocol::recognise_service(session->tls->peer_text);
                facts.greeting = session->tls->peer_text;
            }
            co_return std::unexpected(std::move(encrypted).error());
        }
    }
    auto greeted = co_await greeting();
    if (!greeted) co_return std::unexpected(std::move(greeted).error());
    const auto began = Clock::now();
    auto known = co_await capabilities();
    if (!known) co_return std::unexpected(std::move(known).error());
    timings.capabilities = since(began);
    if (plan.security == Security::tls) co_return Result<void>{};
    if (plan.security == Security::none) {
        if (!plan.try_starttls_if_offered || !session->facts.starttls_offered || !upgrade)
            co_return Result<void>{};
        asked_for = false;
    }
    co_return co_await encrypt();
}

void Dialog::keep_first_line() {
    const std::string_view pending = session->pending();
    MailFacts& facts = session->facts;
    facts.service = protocol::recognise_service(pending);
    if (facts.service != Service::tls)
        facts.greeting = cleaned(trimmed(pending.substr(0, pending.find('\n'))), most_greeting);
}

/// A web server waits for the client to speak. When the time for a greeting is over nothing is spoilt by a
/// QUIT, and the answer tells what kind of server it is.
Task<bool> Dialog::is_no_mail_server(Failure silence) {
    if (silence.kind != FailureKind::timed_out || !session->pending().empty()) co_return false;
    const std::string answer = co_await session->answer_to_quit(deadline);
    const Service service = protocol::recognise_service(answer);
    if (service != Service::http && service != Service::ssh && service != Service::ftp) co_return false;
    session->facts.service = service;
    session->facts.greeting = cleaned(trimmed(answer.substr(0, answer.find('\n'))), most_greeting);
    co_return true;
}

Task<Result<void>> Dialog::greeting() {
    const auto began = Clock::now();
    auto first =
        co_await session->first_octets(plan.security == Security::tls ? nullptr : plan.on_silence, deadline);
    keep_first_line();
    if (!first) {
        if (co_await is_no_mail_server(first.error()))
            co_return failed(Stage::greeting, FailureKind::bad_syntax, "another kind of server");
        co_return std::unexpected(std::move(first).error());
    }
    if (session->facts.service == Service::tls) {
        session->transcript().note("TLS octets instead of a greeting");
        co_return failed(Stage::greeting, FailureKind::bad_syntax, "TLS octets instead of a greeting");
    }
    auto greeted = co_await steps().greeting(session, deadline);
    if (!greeted) co_return std::unexpected(std::move(greeted).error());
    timings.greeting = since(began);
    co_return Result<void>{};
}

Task<Result<void>> Dialog::capabilities() {
    co_return co_await steps().capabilities(session, deadline);
}

Task<Result<void>> Dialog::handshake() {
    const auto began = Clock::now();
    auto done = co_await session->upgrade(upgrade, deadline);
    timings.handshake = since(began);
    co_return done;
}

/// STARTTLS, the handshake, and the capabilities again: what was said before counts no more (RFC 3207
/// section 4.2).
Task<Result<void>> Dialog::encrypt() {
    MailFacts& facts = session->facts;
    const bool unknown = plan.protocol == Protocol::pop3 && session->pop3.lines.empty();  // CAPA was refused
    if (!facts.starttls_offered && !unknown)
        co_return failed(Stage::starttls, FailureKind::rejected, "the server does not offer STARTTLS");
    auto accepted = co_await steps().starttls(session, deadline);
    if (!accepted) co_return std::unexpected(std::move(accepted).error());
    facts.starttls_accepted = true;
    const std::string injected = co_await session->drain();
    if (!injected.empty()) {
        facts.injected = cleaned(injected, most_injected);
        session->transcript().server(injected);
        session->transcript().note("octets before the handshake, dropped");
    }
    auto encrypted = co_await handshake();
    if (!encrypted) co_return std::unexpected(std::move(encrypted).error());
    co_return co_await capabilities();
}

}  // namespace

const Steps& steps_of(Protocol protocol) noexcept {
    switch (protocol) {
        case Protocol::smtp:
            break;
        case Protocol::pop3:
            return pop3_steps;
        case Protocol::imap:
            return imap_steps;
    }
    return smtp_steps;
}

void keep_capabilities(Session& session, const std::vector<std::string>& lines,
                       const std::vector<std::string>& auth) {
    MailFacts& facts = session.facts;
    std::vector<std::string>& list =
        session.is_encrypted() ? facts.capabilities_after : facts.capabilities_before;
    list.clear();
    for (const std::string& line : lines) {
        if (list.size() == most_capabilities) break;
        list.push_back(cleaned(line, most_capability));
    }
    facts.auth_mechanisms.clear();
    for (const std::string& mechanism : auth)
        facts.auth_mechanisms.push_back(cleaned(mechanism, most_capability));
    if (!session.is_encrypted()) facts.auth_mechanisms_plain = facts.auth_mechanisms;
}

Task<DialogResult> run_dialog(DialogPlan plan, net::StreamPtr stream, net::Upgrade upgrade,
                              Deadline deadline) {
    const auto began = Clock::now();
    auto session = std::make_shared<Session>(plan.protocol, std::move(stream), plan.limits);
    session->ehlo_name = plan.ehlo_name.empty() ? std::string(private_ehlo_name) : plan.ehlo_name;
    Dialog dialog{
        .plan = std::move(plan), .session = session, .upgrade = std::move(upgrade), .deadline = deadline};
    auto done = co_await dialog.run();
    DialogResult result;
    const bool usable = done || done.error().kind == FailureKind::rejected;
    if (!done && dialog.asked_for) result.failure = done.error();
    if (!usable) session->close();
    const bool keep_open = done && !dialog.plan.stop_after_capabilities;
    if (!keep_open) co_await session->goodbye(dialog.plan.limits.goodbye, deadline);
    if (keep_open) {
        result.session = session;
        result.mail = session->facts;
        result.tls = session->tls;
        result.transcript = session->transcript().lines();
    } else {
        result.mail = std::move(session->facts);
        result.tls = std::move(session->tls);
        result.transcript = session->transcript().take();
    }
    result.timings = dialog.timings;
    result.timings.total = since(began);
    co_return result;
}

}  // namespace maildoctor::mail
