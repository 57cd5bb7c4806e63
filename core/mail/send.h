// Submitting one test message, and looking for it in a mailbox. Nothing else in the mailbox is touched.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/async/deadline.h"
#include "core/async/task.h"
#include "core/mail/session.h"
#include "core/model/result.h"

namespace maildoctor::mail {

struct TestMessage {
    std::string sender{}, recipient{};
    std::string id{};     ///< Message-ID with its angle brackets
    std::int64_t time{};  ///< seconds since 1970 UTC
};

/// A Message-ID that nobody else has, below the sender's domain (RFC 5322 section 3.6.4).
std::string made_up_message_id(const std::string& sender);

/// The message as it is sent, with CRLF line ends and without the final dot: a few plain ASCII lines that say
/// what it is.
std::string message_text(const TestMessage& message);

struct SubmitResult {
    bool accepted{false};
    std::string command{};  ///< the last one that was answered: "MAIL FROM", "RCPT TO", "DATA", "the message"
    int code{};
    std::string reply{};               ///< the server's words, cleaned
    std::optional<Failure> failure{};  ///< where the connection broke
};

/// Submits the message over an SMTP session that has logged in (RFC 6409). Really sends it.
Task<SubmitResult> submit(SessionPtr session, TestMessage message, Deadline deadline);

/// Looks once for a message by its Message-ID: in the folder that a logged-in IMAP session has examined, or
/// among the newest messages of a logged-in POP3 session (which shows what was there at the login). Only
/// headers are fetched; no flag changes.
/// @return the message's header, empty when it is not there; rejected with the server's words where it cannot
///         search
Task<Result<std::string>> find_message(SessionPtr session, std::string id, Deadline deadline);

}  // namespace maildoctor::mail
