#include "core/probe/survey.h"

#include <memory>
#include <string>
#include <utility>

#include "core/model/dialog.h"
#include "core/net/connect.h"
#include "core/probe/hold_dialog.h"

namespace maildoctor::probe {
namespace {

constexpr std::chrono::milliseconds one_question{10000};  // connection, STARTTLS and answer

struct Target {
    ContextPtr context;
    PortQuestion question;
};
using PortPtr = std::shared_ptr<const Target>;

/// One connection up to `upgrade`. @return what the dialog showed, or why there was none
Task<Result<mail::DialogResult>> connect(PortPtr port, net::Upgrade upgrade) {
    const Deadline deadline = port->context->deadline.within(one_question);
    auto race = co_await net::Race::start({port->question.addresses.front()}, port->question.port, deadline);
    auto winner = co_await race->winner();
    (void)co_await race->finish();
    if (!winner) co_return std::unexpected(std::move(winner).error());
    mail::DialogPlan plan = plan_for(*port->context, port->question);
    plan.on_silence = nullptr;
    auto result = co_await mail::run_dialog(std::move(plan), winner->stream, std::move(upgrade), deadline);
    winner->stream->close();
    co_return result;
}

Task<net::UpgradeResult> say_hello(net::StreamPtr stream, std::string hello, tls::ReadUntil until,
                                   std::shared_ptr<tls::Reply> reply, Deadline deadline) {
    *reply = co_await tls::exchange_hello(std::move(stream), std::move(hello), until, deadline);
    co_return net::UpgradeResult{.failure = Failure{.stage = Stage::tls_handshake,
                                                    .kind = FailureKind::peer_closed,
                                                    .text = "only the first answer was wanted"}};
}

Task<tls::Reply> ask(PortPtr port, std::string hello, tls::ReadUntil until) {
    auto reply = std::make_shared<tls::Reply>();
    auto dialog = co_await connect(
        port, [hello = std::move(hello), until, reply](net::StreamPtr plain, Deadline deadline) {
            return say_hello(std::move(plain), hello, until, reply, deadline);
        });
    if (!dialog) {
        reply->failure = std::move(dialog).error();
    } else if (!reply->reached) {
        reply->failure = std::move(dialog->failure);
        if (reply->failure && !dialog->mail.refusal.empty()) reply->failure->text = dialog->mail.refusal;
    }
    co_return std::move(*reply);
}

Task<Boxed<TlsFacts>> shake_hands(PortPtr port, tls::HandshakeOptions options) {
    auto dialog = co_await connect(port, port->context->tls->upgrade(std::move(options)));
    if (!dialog || !dialog->tls || !dialog->tls->completed) co_return std::nullopt;
    co_return std::move(dialog->tls);
}

/// Two handshakes: does the second take up the session of the first?
Task<Answer> resumes(PortPtr port, tls::HandshakeOptions options, bool by_ticket) {
    options.keeper = tls::make_session_keeper();
    const auto first = co_await shake_hands(port, options);
    if (!first) co_return Answer::unknown;
    if (by_ticket && !tls::keeps_ticket(*options.keeper)) co_return Answer::no;
    const auto second = co_await shake_hands(port, options);
    if (!second) co_return Answer::unknown;
    co_return second->resumed ? Answer::yes : Answer::no;
}

bool offers_older_than_1_3(const TlsSurvey& survey) {
    return offers(survey, TlsVersion::tls1_2) || offers(survey, TlsVersion::tls1_1) ||
           offers(survey, TlsVersion::tls1_0);
}

/// What only whole handshakes show. OpenSSL speaks TLS 1.0 to 1.3.
Task<void> ask_with_handshakes(PortPtr port, std::shared_ptr<TlsSurvey> survey,
                               std::shared_ptr<Boxed<TlsFacts>> facts) {
    const HostName& host = port->question.host;
    const bool old = offers_older_than_1_3(*survey), current = offers(*survey, TlsVersion::tls1_3);
    if (!old && !current) co_return;
    *facts = co_await shake_hands(port, {.host = host, .transparency = true});
    ++survey->connections;
    if (current) {
        survey->resumes_psk = co_await resumes(port, {.host = host}, false);
        survey->connections += 2;
    }
    if (!old) co_return;
    survey->resumes_ids = co_await resumes(port, {.host = host, .up_to_1_2 = true}, false);
    survey->resumes_tickets =
        co_await resumes(port, {.host = host, .up_to_1_2 = true, .tickets = true}, true);
    const auto again = co_await shake_hands(port, {.host = host, .up_to_1_2 = true, .renegotiate = true});
    survey->connections += 5;
    if (again) survey->client_renegotiation = again->renegotiated ? Answer::yes : Answer::no;
}

}  // namespace

Task<Observation> tls_survey(ContextPtr context, PortQuestion question,
                             std::vector<tls::ClientTemplate> clients) {
    Observation seen = start_observation(*context, question, survey_probe);
    if (!question.addresses.empty()) seen.subject.address = question.addresses.front();
    const auto port = std::make_shared<const Target>(Target{.context = context, .question = question});
    tls::SurveyPlan plan{.server_name = question.host.is_literal() ? "" : question.host.text(),
                         .clients = std::move(clients),
                         .deadline = context->deadline};
    auto survey = std::make_shared<TlsSurvey>(co_await tls::run_survey(
        std::move(plan),
        [port](std::string hello, tls::ReadUntil until) { return ask(port, std::move(hello), until); }));
    auto facts = std::make_shared<Boxed<TlsFacts>>();
    if (survey->stopped.empty()) co_await ask_with_handshakes(port, survey, facts);
    seen.tls = std::move(*facts);
    seen.answer = newest(*survey) != nullptr ? Answer::yes
                  : survey->stopped.empty()  ? Answer::no
                                             : Answer::unknown;
    seen.survey = std::move(*survey);
    seen.took = context->since_began() - seen.started;
    co_return seen;
}

Task<Observation> tls_versions(ContextPtr context, PortQuestion question, std::vector<TlsVersion> versions) {
    Observation seen = start_observation(*context, question, versions_probe);
    if (!question.addresses.empty()) seen.subject.address = question.addresses.front();
    const auto port = std::make_shared<const Target>(Target{.context = context, .question = question});
    tls::SurveyPlan plan{.server_name = question.host.is_literal() ? "" : question.host.text(),
                         .only = std::move(versions),
                         .deadline = context->deadline};
    seen.survey = co_await tls::run_survey(std::move(plan), [port](std::string hello, tls::ReadUntil until) {
        return ask(port, std::move(hello), until);
    });
    seen.answer = newest(*seen.survey) != nullptr ? Answer::yes
                  : seen.survey->stopped.empty()  ? Answer::no
                                                  : Answer::unknown;
    seen.took = context->since_began() - seen.started;
    co_return seen;
}

}  // namespace maildoctor::probe
