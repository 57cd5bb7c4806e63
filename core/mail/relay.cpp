#include "core/mail/relay.h"

#include <algorithm>
#include <random>
#include <utility>

#include "core/async/event.h"
#include "core/model/text.h"

namespace maildoctor::mail {
namespace {

constexpr std::size_t most_reply = 512;
constexpr int service_closing = 421;
constexpr int needs_login = 530;  // RFC 4954 section 6
constexpr int send_message = 354;
constexpr std::size_t patterns_a_connection =
    8;  // Postfix slows down after 10 refusals and hangs up after 20

std::string made_up_name() {
    constexpr std::string_view letters = "abcdefghijkmnpqrstuvwxyz23456789";
    constexpr int size = 10;
    std::random_device random;
    std::string out = "no-such-user-";
    for (int i = 0; i < size; ++i)
        out += letters[random() % letters.size()];
    return out;
}

std::string literal(const IpAddress& address) {
    const std::string text = address.text();
    return text.contains(':') ? "[IPv6:" + text + "]" : "[" + text + "]";
}

bool fits_a_path(std::string_view address) {
    constexpr std::size_t most_path = 320;
    return address.size() <= most_path && std::ranges::all_of(address, [](char c) {
               return static_cast<unsigned char>(c) > 0x20 && c != 0x7F && c != '<' && c != '>';
           });
}

/// One run of relay_test.
struct Relay {
    SessionPtr session;
    RelayPlan plan;
    Deadline deadline;
    RelayResult result{};
    int transient_answers{0};

    Task<Result<RelayAttempt>> ask(RelayPattern pattern, bool data_allowed);
    Task<Result<void>> try_data();
    Task<Result<void>> run();
    bool must_stop(int code);
    Task<Result<void>> ask_impossible();
    Task<bool> take_next_connection();
    bool refuses_nonsense() const {
        if (result.impossible) return !result.impossible->accepted();
        return result.baseline && result.baseline->recipient_code >= 500;
    }
};

/// Keeps count of "not now": going on would only annoy the server.
bool Relay::must_stop(int code) {
    if (code == service_closing) {
        result.stopped = "the server closed the connection (421)";
        session->close();
        return true;
    }
    if (code >= 400 && code < 500 && ++transient_answers == 2)
        result.stopped = "the server said \"not now\" twice";
    return !result.stopped.empty();
}

Task<Result<RelayAttempt>> Relay::ask(RelayPattern pattern, bool data_allowed) {
    RelayAttempt seen{.pattern = std::move(pattern)};
    auto reply =
        co_await session->smtp_command("MAIL FROM:<" + seen.pattern.sender + ">", Stage::command, deadline);
    if (!reply) co_return std::unexpected(std::move(reply).error());
    seen.mail_code = reply->code;
    if (reply->is_positive()) {
        reply = co_await session->smtp_command("RCPT TO:<" + seen.pattern.recipient + ">", Stage::command,
                                               deadline);
        if (!reply) co_return std::unexpected(std::move(reply).error());
        seen.recipient_code = reply->code;
    }
    seen.reply = cleaned(reply->text(), most_reply);
    if (must_stop(reply->code) && !session->is_open()) co_return seen;
    if (seen.accepted() && !seen.pattern.may_be_local && result.baseline) {
        if (!refuses_nonsense() && !result.impossible) {
            auto asked = co_await ask_impossible();
            if (!asked) co_return std::unexpected(std::move(asked).error());
        }
        if (data_allowed && result.data_code == 0 && result.stopped.empty() && refuses_nonsense()) {
            auto tried = co_await try_data();
            if (!tried) co_return std::unexpected(std::move(tried).error());
        }
        if (!session->is_open()) co_return seen;
    }
    auto reset = co_await session->smtp_command("RSET", Stage::command, deadline);
    if (!reset) co_return std::unexpected(std::move(reset).error());
    co_return seen;
}

/// One more recipient in the same transaction, which no server that looks at all can accept.
Task<Result<void>> Relay::ask_impossible() {
    auto reply = co_await session->smtp_command("RCPT TO:<>", Stage::command, deadline);
    if (!reply) co_return std::unexpected(std::move(reply).error());
    result.impossible = RelayAttempt{.pattern = {.name = "impossible", .may_be_local = true},
                                     .recipient_code = reply->code,
                                     .reply = cleaned(reply->text(), most_reply)};
    (void)must_stop(reply->code);
    co_return Result<void>{};
}

/// Closes this connection before refusals add up, and goes on over a new one. @return false when there is
/// none
Task<bool> Relay::take_next_connection() {
    co_await session->goodbye(session->limits().goodbye, deadline);
    SessionPtr next = co_await plan.reopen();
    if (!next || !next->is_open()) co_return false;
    session = std::move(next);
    co_return true;
}

/// DATA, and not one octet after 354: without the final dot the server has nothing to deliver.
Task<Result<void>> Relay::try_data() {
    auto reply = co_await session->smtp_command("DATA", Stage::command, deadline);
    if (!reply) co_return std::unexpected(std::move(reply).error());
    result.data_code = reply->code;
    if (reply->code != send_message) co_return Result<void>{};
    session->transcript().note("connection closed without sending a message");
    session->close();
    if (result.stopped.empty()) result.stopped = "DATA was accepted: nothing more to show";
    co_return Result<void>{};
}

Task<Result<void>> Relay::run() {
    const std::string nobody = (plan.nobody.empty() ? made_up_name() : plan.nobody) + "@" + plan.own_domain;
    auto baseline = co_await ask(
        {.name = "baseline", .sender = plan.sender, .recipient = nobody, .may_be_local = true}, false);
    if (!baseline) co_return std::unexpected(std::move(baseline).error());
    result.baseline = std::move(*baseline);
    std::vector<RelayPattern> patterns = relay_patterns(plan);
    if (!plan.full)
        patterns = {
            {.name = "foreign", .sender = plan.sender, .recipient = plan.recipient, .may_be_local = false}};
    for (RelayPattern& pattern : patterns) {
        if (!result.stopped.empty() || !session->is_open()) break;
        if (plan.full && !co_await async::sleep_until(std::min(Clock::now() + plan.pause, deadline.at())))
            co_return failed(Stage::command, FailureKind::cancelled, "stopped");
        if (deadline.passed())
            co_return failed(Stage::command, FailureKind::out_of_time, "the time limit ran out");
        if (plan.reopen && !result.attempts.empty() && result.attempts.size() % patterns_a_connection == 0 &&
            !co_await take_next_connection()) {
            result.stopped = "no further connection could be made";
            break;
        }
        auto seen = co_await ask(std::move(pattern), plan.full);
        if (!seen) co_return std::unexpected(std::move(seen).error());
        result.attempts.push_back(std::move(*seen));
    }
    const auto sender_refused = [](const RelayAttempt& a) { return a.mail_code >= 500; };
    if (result.stopped.empty() && std::ranges::all_of(result.attempts, sender_refused))
        result.stopped = "the server refuses the sender of the test: name a real one";
    co_return Result<void>{};
}

bool asks_for_login(const RelayAttempt& seen) {
    return seen.mail_code == needs_login || seen.recipient_code == needs_login;
}

}  // namespace

std::vector<RelayPattern> relay_patterns(const RelayPlan& plan) {
    const std::string& foreign = plan.recipient;
    const auto at = std::min(foreign.rfind('@'), foreign.size());
    const std::string user = foreign.substr(0, at);
    const std::string domain = foreign.substr(std::min(at + 1, foreign.size()));
    const std::string server = plan.server_name.empty() ? plan.own_domain : plan.server_name;
    const std::string ip = plan.address ? literal(*plan.address) : std::string{};
    const std::string sender_name = plan.sender.substr(0, plan.sender.rfind('@'));
    const std::string from_domain = sender_name + "@" + domain;
    const std::string from_server = sender_name + "@" + server;
    const std::string from_ip = ip.empty() ? plan.sender : sender_name + "@" + ip;

    std::vector<RelayPattern> out;
    const auto add = [&out](std::string name, std::string from, std::string to, bool local = false) {
        out.push_back({.name = std::move(name),
                       .sender = std::move(from),
                       .recipient = std::move(to),
                       .may_be_local = local});
    };
    const std::string& own = plan.own_domain;
    const std::string percent = user + "%" + domain + "@";
    const std::string uucp = domain + "!" + user;
    add("foreign", plan.sender, foreign);
    add("nmap-1", "", foreign);
    add("own-domain-sender", "postmaster@" + own, foreign);
    add("own-domain-percent", plan.sender, percent + own);
    add("own-domain-route", plan.sender, "@" + own + ":" + foreign);
    add("own-domain-uucp", plan.sender, uucp + "@" + own);
    add("nmap-2", from_domain, foreign);
    add("nmap-3", from_server, foreign);
    if (!ip.empty()) {
        add("nmap-4", from_ip, foreign);
        add("nmap-5", from_ip, percent + ip);
    }
    add("nmap-6", from_ip, percent + server);
    if (!ip.empty()) {
        add("nmap-9", from_ip, foreign + "@" + ip);
        add("nmap-10", from_ip, "\"" + foreign + "\"@" + ip);
    }
    add("nmap-11", from_ip, foreign + "@" + server);
    if (!ip.empty()) add("nmap-12", from_ip, "@" + ip + ":" + foreign);
    add("nmap-13", from_ip, "@" + server + ":" + foreign);
    if (!ip.empty()) add("nmap-15", from_ip, uucp + "@" + ip);
    add("nmap-16", from_ip, uucp + "@" + server);
    add("foreign-literal", plan.sender, user + "@[192.0.2.25]");
    add("null-percent", "", percent + own);
    add("null-route", "", "@" + own + ":" + foreign);
    // A server may rightly take these for names of its own.
    add("nmap-7", from_ip, "\"" + foreign + "\"", true);
    add("nmap-8", from_ip, "\"" + user + "%" + domain + "\"", true);
    add("nmap-14", from_ip, uucp, true);
    return out;
}

RelayGrade relay_grade(const RelayResult& seen) noexcept {
    if (seen.attempts.empty()) return RelayGrade::not_tested;
    const auto proof = [](const RelayAttempt& a) { return a.accepted() && !a.pattern.may_be_local; };
    if (std::ranges::any_of(seen.attempts, proof)) {
        if (seen.data_code == send_message) return RelayGrade::accepts_data;
        const bool takes_nonsense = seen.impossible ? seen.impossible->accepted()
                                                    : !seen.baseline || seen.baseline->recipient_code < 500;
        return takes_nonsense || seen.data_code >= 400 ? RelayGrade::proves_nothing : RelayGrade::accepts;
    }
    if (std::ranges::any_of(seen.attempts, asks_for_login)) return RelayGrade::asks_for_login;
    // Refused for its sender alone, an attempt says nothing about relaying.
    const auto refused = [](const RelayAttempt& a) { return a.recipient_code >= 500; };
    return std::ranges::any_of(seen.attempts, refused) ? RelayGrade::refused : RelayGrade::not_tested;
}

Task<RelayResult> relay_test(SessionPtr session, RelayPlan plan, Deadline deadline) {
    Relay relay{.session = session, .plan = std::move(plan), .deadline = deadline};
    const RelayPlan& p = relay.plan;
    relay.result.after_login = session->logged_in;
    if (session->protocol() != Protocol::smtp || p.own_domain.empty() || !fits_a_path(p.own_domain) ||
        !fits_a_path(p.server_name) || !fits_a_path(p.sender) || !fits_a_path(p.recipient) ||
        !p.recipient.contains('@') || !fits_a_path(p.nobody)) {
        relay.result.failure = Failure{.stage = Stage::command,
                                       .kind = FailureKind::not_possible,
                                       .text = "not names that SMTP can carry"};
        co_return std::move(relay.result);
    }
    auto done = co_await relay.run();
    if (!done) relay.result.failure = std::move(done).error();
    if (!relay.result.failure) co_await relay.session->goodbye(relay.session->limits().goodbye, deadline);
    relay.session->close();
    session->close();
    relay.result.grade = relay_grade(relay.result);
    co_return std::move(relay.result);
}

}  // namespace maildoctor::mail
