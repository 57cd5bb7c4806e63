#include "core/probe/relay.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "core/model/dialog.h"
#include "core/names/names.h"
#include "core/net/connect.h"
#include "core/probe/hold_dialog.h"

namespace maildoctor::probe {
namespace {

RelayTrial trial_of(mail::RelayAttempt attempt) {
    return {.pattern = std::move(attempt.pattern.name),
            .sender = std::move(attempt.pattern.sender),
            .recipient = std::move(attempt.pattern.recipient),
            .mail_code = attempt.mail_code,
            .recipient_code = attempt.recipient_code,
            .reply = std::move(attempt.reply),
            .may_be_local = attempt.pattern.may_be_local};
}

RelayFacts facts_of(mail::RelayResult result, bool full) {
    RelayFacts facts{.grade = result.grade,
                     .full = full,
                     .data_code = result.data_code,
                     .stopped = std::move(result.stopped)};
    if (result.baseline) facts.baseline = trial_of(std::move(*result.baseline));
    if (result.impossible) facts.impossible = trial_of(std::move(*result.impossible));
    for (mail::RelayAttempt& attempt : result.attempts)
        facts.trials.push_back(trial_of(std::move(attempt)));
    return facts;
}

mail::DialogPlan dialog_for(const Context& context, const PortQuestion& question, bool starttls) {
    mail::DialogPlan dialog = plan_for(context, question);
    dialog.stop_after_capabilities = false;
    dialog.try_starttls_if_offered = starttls;
    if (dialog.security != Security::tls) dialog.security = Security::none;  // encrypted where it is offered
    return dialog;
}

using Sessions = std::shared_ptr<std::vector<mail::SessionPtr>>;

/// One more session like the first. Whether TLS works was seen on the first: what fails there is left out.
Task<mail::SessionPtr> open_again(ContextPtr context, PortQuestion question, bool starttls,
                                  Sessions sessions) {
    Observation unused;
    mail::DialogPlan dialog = dialog_for(*context, question, starttls);
    mail::SessionPtr session = co_await hold_dialog(context, std::move(question), std::move(dialog), unused);
    if (session) sessions->push_back(session);
    co_return session;
}

std::vector<TranscriptLine> transcript_of(const std::vector<mail::SessionPtr>& sessions) {
    std::vector<TranscriptLine> lines;
    for (const mail::SessionPtr& session : sessions) {
        if (!lines.empty())
            lines.push_back({.from = TranscriptLine::From::note, .text = "over a new connection"});
        std::ranges::copy(session->transcript().lines(), std::back_inserter(lines));
    }
    return lines;
}

/// The domain that the baseline recipient belongs to, where none was given: from the server's own name.
std::string domain_of(const std::string& ehlo_name, const IpAddress& server) {
    const auto name = HostName::from(ehlo_name);
    if (name && !name->is_literal()) return names::registered_domain(*name).value_or(*name).text();
    return server.is_v4() ? "[" + server.text() + "]" : "[IPv6:" + server.text() + "]";
}

/// The registered domain of a client's reverse name, where it is that of the server's name as well.
Task<std::string> shared_owner(ContextPtr context, IpAddress client, HostName server) {
    const auto owner = names::registered_domain(server);
    if (!owner) co_return std::string{};
    const DnsFacts reverse =
        co_await context->resolver->lookup(client.reverse_name(), RecordType::ptr, context->deadline);
    for (const std::string& text : reverse.names) {
        const auto name = HostName::from(text);
        const auto theirs = name ? names::registered_domain(*name) : std::nullopt;
        if (theirs && *theirs == *owner)
            co_return "the reverse name of this computer's address, " + name->text() +
                ", is of the server's own domain " + owner->text();
    }
    co_return std::string{};
}

constexpr std::size_t most_hello = 512;

}  // namespace

std::string shared_network(const IpAddress& client, const IpAddress& server) {
    if (client.is_loopback() || client == server) return "the server runs on this very computer";
    if (client.is_v4() != server.is_v4()) return {};
    const std::size_t octets = client.is_v4() ? 3 : 8;
    if (client.bytes().substr(0, octets) != server.bytes().substr(0, octets)) return {};
    return "this computer (" + client.text() + ") and the server (" + server.text() +
           ") are in the same network" + (client.is_v4() ? " (/24)" : " (/64)");
}

std::optional<IpAddress> address_in(std::string_view words) {
    words = words.substr(0, most_hello);
    for (auto end = words.rfind(']'); end != std::string_view::npos && end > 0;
         end = words.rfind(']', end - 1)) {
        const auto open = words.rfind('[', end);
        if (open == std::string_view::npos) break;
        std::string_view literal = words.substr(open + 1, end - open - 1);
        if (literal.starts_with("IPv6:")) literal.remove_prefix(5);
        if (auto address = IpAddress::from(literal)) return address;
    }
    return std::nullopt;
}

Task<Observation> port_relay(ContextPtr context, PortQuestion question, mail::RelayPlan plan,
                             std::chrono::milliseconds limit) {
    auto limited = std::make_shared<Context>(*context);
    limited->deadline = context->deadline.within(limit);
    const ContextPtr mine = limited;
    Observation seen = start_observation(*mine, question, relay_probe);
    bool starttls = true;
    mail::SessionPtr session =
        co_await hold_dialog(mine, question, dialog_for(*mine, question, starttls), seen);
    if (!session && question.start != Security::tls && seen.mail && seen.mail->starttls_accepted) {
        starttls = false;  // the handshake failed; who relays does so without encryption, too
        seen = start_observation(*mine, question, relay_probe);
        session = co_await hold_dialog(mine, question, dialog_for(*mine, question, starttls), seen);
    }
    if (!session) {
        seen.answer = Answer::unknown;
        co_return seen;
    }
    const IpAddress server = question.addresses.front();
    plan.address = server;
    plan.server_name = session->smtp.domain;
    if (plan.own_domain.empty()) plan.own_domain = domain_of(session->smtp.domain, server);
    std::optional<IpAddress> client = seen.local;
    // Behind a router only the server knows the address that counts.
    const auto told = address_in(session->smtp.hello);
    if (told && !told->is_private() && !told->is_loopback() && (!client || client->is_private()))
        client = told;
    const bool full = plan.full;
    const auto sessions = std::make_shared<std::vector<mail::SessionPtr>>(1, session);
    if (full)
        plan.reopen = [mine, question, starttls, sessions] {
            return open_again(mine, question, starttls, sessions);
        };
    auto result = co_await mail::relay_test(session, std::move(plan), mine->deadline);
    seen.transcript = transcript_of(*sessions);
    seen.failure = std::move(result.failure);
    seen.relay = facts_of(std::move(result), full);
    const RelayGrade grade = seen.relay->grade;
    seen.answer = grade == RelayGrade::accepts || grade == RelayGrade::accepts_data     ? Answer::yes
                  : grade == RelayGrade::refused || grade == RelayGrade::asks_for_login ? Answer::no
                                                                                        : Answer::unknown;
    if (client) {
        seen.relay->client = client->text();
        seen.relay->network = shared_network(*client, server);
        if (seen.answer == Answer::yes && seen.relay->network.empty())
            seen.relay->network = co_await shared_owner(context, *client, question.host);
    }
    seen.took = mine->since_began() - seen.started;
    co_return seen;
}

}  // namespace maildoctor::probe
