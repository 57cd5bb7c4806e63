#include "core/mail/sasl_exchange.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/model/text.h"
#include "core/protocol/sasl_encoding.h"

namespace maildoctor::mail {
namespace {

using Kind = LoginAnswer::Kind;
using Message = std::shared_ptr<const Secret>;

constexpr int most_steps = 8;
constexpr std::size_t most_initial_smtp = 480;  // RFC 4954 section 4: within a command line of 512 octets
constexpr std::size_t most_initial_pop3 = 230;  // RFC 5034 section 4: 255
constexpr std::size_t most_challenge = 16384;
constexpr std::size_t most_notice = 512;

bool says_not_now(std::string_view response_code) {
    constexpr auto codes = std::to_array<std::string_view>(
        {"SYS/TEMP", "IN-USE", "LOGIN-DELAY", "UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG"});
    return std::ranges::find(codes, response_code) != codes.end();
}

/// One run of exchange().
struct Exchange {
    SessionPtr session;
    std::string mechanism;
    std::shared_ptr<SaslClient> client;
    Deadline deadline;
    std::string tag{};
    ExchangeResult result{};

    Task<Result<ExchangeResult>> run();
    void hide(const Message& message, std::shared_ptr<const Secret> encoded) const;
    Task<Result<LoginAnswer>> begin();
    Task<Result<LoginAnswer>> respond(Message message);
    Task<Result<LoginAnswer>> read();
    Task<Result<LoginAnswer>> read_imap();
    Task<Result<void>> give_up();
    bool takes_initial(std::size_t size) const;
};

bool Exchange::takes_initial(std::size_t size) const {
    switch (session->protocol()) {
        case Protocol::smtp:
            return size <= most_initial_smtp;
        case Protocol::pop3:
            return size <= most_initial_pop3;
        case Protocol::imap:
            break;
    }
    return session->imap.sasl_ir;
}

Task<Result<LoginAnswer>> Exchange::read() {
    if (session->protocol() == Protocol::imap) co_return co_await read_imap();
    if (session->protocol() == Protocol::pop3) {
        auto status = co_await session->pop3_status(Stage::login, deadline);
        if (!status) co_return std::unexpected(std::move(status).error());
        co_return answer_from(*status);
    }
    auto reply = co_await session->smtp_reply(Stage::login, deadline);
    if (!reply) co_return std::unexpected(std::move(reply).error());
    co_return answer_from(*reply);
}

Task<Result<LoginAnswer>> Exchange::read_imap() {
    using protocol::ImapResponse;
    ImapAnswer answer;
    constexpr int most_responses = 64;
    for (int i = 0; i < most_responses; ++i) {
        auto response = co_await session->imap_response(Stage::login, deadline);
        if (!response) co_return std::unexpected(std::move(response).error());
        if (response->kind == ImapResponse::Kind::continuation)
            co_return LoginAnswer{.kind = Kind::challenge, .text = std::string(trimmed(response->text))};
        if (response->kind == ImapResponse::Kind::tagged && response->tag == tag) {
            answer.tagged = std::move(*response);
            co_return answer_from(answer);
        }
        if (response->condition == ImapResponse::Condition::bye) {
            answer.tagged = std::move(*response);
            session->close();
            co_return answer_from(answer);
        }
        answer.untagged.push_back(std::move(*response));
    }
    co_return failed(Stage::login, FailureKind::too_large, "more than 64 responses in a login");
}

/// No echo of what is sent gets into the record: a password can be guessed off line from digests and proofs.
void Exchange::hide(const Message& message, std::shared_ptr<const Secret> encoded) const {
    constexpr std::size_t shortest = 8;  // less would blot out ordinary words
    if (encoded->reveal().size() >= shortest) session->hide(std::move(encoded));
    if (needs_stored_verifier(mechanism) && message->reveal().size() >= shortest) session->hide(message);
}

/// Sends the command, with the first message where that is possible (SASL-IR).
Task<Result<LoginAnswer>> Exchange::begin() {
    std::string command = (session->protocol() == Protocol::imap ? "AUTHENTICATE " : "AUTH ") + mechanism;
    if (session->protocol() == Protocol::imap) {
        tag = session->next_tag();
        command = tag + " " + command;
    }
    if (client->speaks_first()) {
        auto first = client->answer({});
        if (!first) co_return std::unexpected(std::move(first).error());
        const auto encoded = std::make_shared<const Secret>(protocol::base64_secret(**first));
        if (takes_initial(encoded->reveal().size())) {
            hide(*first, encoded);
            const std::string_view nothing = encoded->reveal().empty() ? "=" : "";
            auto line =
                std::make_shared<const Secret>(protocol::joined_secret(command + " ", *encoded, nothing));
            result.secret_sent = true;
            auto sent =
                co_await session->send_secret(std::move(line), command + " [hidden]", Stage::login, deadline);
            if (!sent) co_return std::unexpected(std::move(sent).error());
            co_return co_await read();
        }
        auto sent = co_await session->send(command, Stage::login, deadline);
        if (!sent) co_return std::unexpected(std::move(sent).error());
        auto answer = co_await read();
        if (!answer || answer->kind != Kind::challenge) co_return answer;
        co_return co_await respond(std::move(*first));
    }
    auto sent = co_await session->send(command, Stage::login, deadline);
    if (!sent) co_return std::unexpected(std::move(sent).error());
    co_return co_await read();
}

Task<Result<LoginAnswer>> Exchange::respond(Message message) {
    auto encoded = std::make_shared<const Secret>(protocol::base64_secret(*message));
    hide(message, encoded);
    if (!message->reveal().empty()) result.secret_sent = true;
    auto sent = co_await session->send_secret(std::move(encoded), "[hidden]", Stage::login, deadline);
    if (!sent) co_return std::unexpected(std::move(sent).error());
    co_return co_await read();
}

/// "*" ends an exchange that cannot go on (RFC 4954 section 4, RFC 5034 section 4, RFC 9051 section 6.2.2).
Task<Result<void>> Exchange::give_up() {
    auto sent = co_await session->send("*", Stage::login, deadline);
    if (!sent) co_return sent;
    auto answer = co_await read();
    if (!answer) co_return std::unexpected(std::move(answer).error());
    co_return Result<void>{};
}

Task<Result<ExchangeResult>> Exchange::run() {
    auto answer = co_await begin();
    for (int step = 0; answer && answer->kind == Kind::challenge; ++step) {
        const auto challenge = protocol::from_base64(answer->text, most_challenge);
        if (takes_token(mechanism) && challenge && !challenge->empty())
            result.last.notices.push_back(cleaned(session->without_secrets(*challenge), most_notice));
        auto message = challenge && step < most_steps
                           ? client->answer(*challenge)
                           : failed(Stage::login, FailureKind::bad_syntax,
                                    "a challenge that is not base64, or one too many");
        if (!message) {
            Failure failure = std::move(message).error();
            (void)co_await give_up();
            co_return std::unexpected(std::move(failure));
        }
        answer = co_await respond(std::move(*message));
    }
    if (!answer) co_return std::unexpected(std::move(answer).error());
    answer->notices.insert(answer->notices.begin(), result.last.notices.begin(), result.last.notices.end());
    result.last = std::move(*answer);
    result.complete = client->is_complete();
    co_return result;
}

}  // namespace

LoginAnswer answer_from(const protocol::SmtpReply& reply) {
    LoginAnswer out{.code = reply.code};
    if (reply.code == 334) {
        out.kind = Kind::challenge;
        out.text = trimmed(reply.lines.front());
        return out;
    }
    out.kind = reply.code >= 200 && reply.code < 300 ? Kind::accepted : Kind::refused;
    out.text = reply.text();
    if (reply.enhanced) out.response_code = reply.enhanced->text();
    out.transient = reply.is_transient();
    return out;
}

LoginAnswer answer_from(const protocol::Pop3Status& status) {
    using StatusKind = protocol::Pop3Status::Kind;
    if (status.kind == StatusKind::challenge) return {.kind = Kind::challenge, .text = status.text};
    return {.kind = status.kind == StatusKind::ok ? Kind::accepted : Kind::refused,
            .text = shown(status),
            .response_code = status.code,
            .transient = says_not_now(status.code)};
}

LoginAnswer answer_from(const ImapAnswer& answer) {
    using Condition = protocol::ImapResponse::Condition;
    LoginAnswer out{.kind = answer.tagged.condition == Condition::ok ? Kind::accepted : Kind::refused,
                    .text = shown(answer.tagged),
                    .response_code = answer.tagged.code,
                    .transient = says_not_now(answer.tagged.code)};
    for (const auto& response : answer.untagged) {
        if (response.condition == Condition::no || response.condition == Condition::bye ||
            response.code == "ALERT")
            out.notices.push_back(shown(response));
    }
    return out;
}

Task<Result<ExchangeResult>> exchange(SessionPtr session, std::string mechanism,
                                      std::shared_ptr<SaslClient> client, Deadline deadline) {
    session->hide_challenges(true);
    Exchange run{.session = session,
                 .mechanism = std::move(mechanism),
                 .client = std::move(client),
                 .deadline = deadline};
    auto result = co_await run.run();
    session->hide_challenges(false);
    co_return result;
}

}  // namespace maildoctor::mail
