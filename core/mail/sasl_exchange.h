// One SASL exchange over SMTP, POP3 or IMAP. For the .cpp files of this room only.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/mail/sasl_client.h"
#include "core/mail/session.h"

namespace maildoctor::mail {

/// What a server says in the course of a login, whatever the protocol.
struct LoginAnswer {
    enum class Kind : std::uint8_t { challenge, accepted, refused } kind{};
    std::string text{};  ///< of a challenge its base64, else the server's words
    int code{};          ///< SMTP
    std::string response_code{};
    bool transient{false};               ///< a refusal that says: not now
    std::vector<std::string> notices{};  ///< IMAP
};

LoginAnswer answer_from(const protocol::SmtpReply& reply);
LoginAnswer answer_from(const protocol::Pop3Status& status);
LoginAnswer answer_from(const ImapAnswer& answer);

struct ExchangeResult {
    LoginAnswer last{};
    bool secret_sent{false};
    bool complete{false};  ///< the server has proved what its mechanism lets it prove
};

/// AUTH or AUTHENTICATE with the client's messages, up to the server's verdict. What we send is recorded as
/// "[hidden]".
Task<Result<ExchangeResult>> exchange(SessionPtr session, std::string mechanism,
                                      std::shared_ptr<SaslClient> client, Deadline deadline);

}  // namespace maildoctor::mail
