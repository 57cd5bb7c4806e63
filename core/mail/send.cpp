#include "core/mail/send.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <random>
#include <utility>

#include "core/model/text.h"
#include "core/protocol/words.h"

namespace maildoctor::mail {
namespace {

using protocol::ImapResponse;
using protocol::Pop3Status;

constexpr std::size_t most_reply = 512;
constexpr std::uint64_t newest = 20;  // POP3: messages looked at
constexpr int send_message = 354, service_closing = 421;

bool fits_a_path(std::string_view address) {
    return !address.empty() && std::ranges::none_of(address, [](char c) {
        return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F || c == '<' || c == '>';
    });
}

/// One submission.
struct Submission {
    SessionPtr session;
    TestMessage message;
    Deadline deadline;
    SubmitResult result{};

    /// Sends a line (or the message) and keeps the answer. @return whether the answer is as wanted
    Task<bool> step(const char* name, std::string line, int wanted);
};

Task<bool> Submission::step(const char* name, std::string line, int wanted) {
    auto reply = co_await session->smtp_command(std::move(line), Stage::command, deadline);
    if (!reply) {
        result.failure = std::move(reply).error();
        co_return false;
    }
    result.command = name;
    result.code = reply->code;
    result.reply = cleaned(session->without_secrets(reply->text()), most_reply);
    if (reply->code == service_closing) session->close();
    co_return reply->code / 100 == wanted;
}

Task<Result<std::string>> find_by_imap(SessionPtr session, std::string id, Deadline deadline) {
    auto polled = co_await session->imap_command("NOOP", Stage::command, deadline);
    if (!polled) co_return std::unexpected(std::move(polled).error());
    auto found =
        co_await session->imap_command("SEARCH HEADER Message-ID \"" + id + "\"", Stage::command, deadline);
    if (!found) co_return std::unexpected(std::move(found).error());
    if (found->tagged.condition != ImapResponse::Condition::ok)
        co_return failed(Stage::command, FailureKind::rejected, shown(found->tagged));
    std::optional<std::uint64_t> number;
    for (const ImapResponse& response : found->untagged) {
        const auto words = protocol::words_of(response.text);
        if (words.size() >= 2 && same_word(words[0], "SEARCH")) number = protocol::number_from(words[1]);
    }
    if (!number) co_return std::string{};
    auto fetched = co_await session->imap_command(fmt::format("FETCH {} (BODY.PEEK[HEADER])", *number),
                                                  Stage::command, deadline);
    if (!fetched) co_return std::unexpected(std::move(fetched).error());
    for (const ImapResponse& response : fetched->untagged) {
        // "5 FETCH (BODY[HEADER] {1234}", a line end, and the header.
        const auto literal = response.text.find("}\n");
        if (literal != std::string::npos && response.text.contains("HEADER"))
            co_return response.text.substr(literal + 2);
    }
    co_return "Message-ID: " + id + "\r\n";  // it is there; how it came is not told
}

Task<Result<std::string>> find_by_pop3(SessionPtr session, std::string id, Deadline deadline) {
    auto status = co_await session->pop3_command("STAT", Stage::command, deadline);
    if (!status) co_return std::unexpected(std::move(status).error());
    const auto words = protocol::words_of(status->text);
    const auto count = words.empty() ? std::nullopt : protocol::number_from(words[0]);
    if (status->kind != Pop3Status::Kind::ok || !count)
        co_return failed(Stage::command, FailureKind::rejected, shown(*status));
    for (std::uint64_t number = *count; number > 0 && *count - number < newest; --number) {
        auto top = co_await session->pop3_command(fmt::format("TOP {} 0", number), Stage::command, deadline);
        if (!top) co_return std::unexpected(std::move(top).error());
        if (top->kind != Pop3Status::Kind::ok)
            co_return failed(Stage::command, FailureKind::rejected, shown(*top));
        auto lines = co_await session->pop3_body(Stage::command, deadline);
        if (!lines) co_return std::unexpected(std::move(lines).error());
        std::string header;
        for (const std::string& line : *lines)
            header += line + "\r\n";
        if (header.contains(id)) co_return header;
    }
    co_return std::string{};
}

}  // namespace

std::string made_up_message_id(const std::string& sender) {
    constexpr std::string_view letters = "abcdefghijkmnpqrstuvwxyz23456789";
    constexpr int size = 20;
    std::random_device random;
    std::string id = "<maildoctor.";
    for (int i = 0; i < size; ++i)
        id += letters[random() % letters.size()];
    return id + "@" + sender.substr(sender.rfind('@') + 1) + ">";
}

std::string message_text(const TestMessage& message) {
    const auto when = fmt::gmtime(static_cast<std::time_t>(message.time));
    return fmt::format(
        "Date: {:%a, %d %b %Y %H:%M:%S} +0000\r\n"
        "From: <{}>\r\n"
        "To: <{}>\r\n"
        "Subject: maildoctor test message\r\n"
        "Message-ID: {}\r\n"
        "Auto-Submitted: auto-generated\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=us-ascii\r\n"
        "\r\n"
        "This message was sent by maildoctor, at the request of the owner of\r\n"
        "{}, to see whether mail gets through. It can be deleted.\r\n",
        when, message.sender, message.recipient, message.id, message.sender);
}

Task<SubmitResult> submit(SessionPtr session, TestMessage message, Deadline deadline) {
    Submission submission{.session = session, .message = std::move(message), .deadline = deadline};
    const TestMessage& m = submission.message;
    SubmitResult& result = submission.result;
    if (session->protocol() != Protocol::smtp || !fits_a_path(m.sender) || !fits_a_path(m.recipient)) {
        result.failure = Failure{.stage = Stage::command,
                                 .kind = FailureKind::not_possible,
                                 .text = "not an address that SMTP can carry"};
        co_return std::move(result);
    }
    const bool taken = co_await submission.step("MAIL FROM", "MAIL FROM:<" + m.sender + ">", 2) &&
                       co_await submission.step("RCPT TO", "RCPT TO:<" + m.recipient + ">", 2) &&
                       co_await submission.step("DATA", "DATA", send_message / 100);
    // No line of the text begins with a dot, so that none has to be doubled (RFC 5321 section 4.5.2).
    if (taken) result.accepted = co_await submission.step("the message", message_text(m) + ".", 2);
    co_return std::move(result);
}

Task<Result<std::string>> find_message(SessionPtr session, std::string id, Deadline deadline) {
    const bool quotable = std::ranges::none_of(
        id, [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == '"' || c == '\\'; });
    if (!quotable || id.empty())
        co_return failed(Stage::command, FailureKind::not_possible, "not a Message-ID");
    if (session->protocol() == Protocol::imap)
        co_return co_await find_by_imap(std::move(session), std::move(id), deadline);
    if (session->protocol() == Protocol::pop3)
        co_return co_await find_by_pop3(std::move(session), std::move(id), deadline);
    co_return failed(Stage::command, FailureKind::not_possible, "SMTP has no mailbox");
}

}  // namespace maildoctor::mail
