// Logging in over an open dialog, and what works afterwards. Nothing in the mailbox is changed.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/async/deadline.h"
#include "core/async/task.h"
#include "core/mail/session.h"
#include "core/model/access.h"
#include "core/model/facts.h"
#include "core/model/host_name.h"
#include "core/model/secret.h"

namespace maildoctor::mail {

/// The protocol's own password command, as a mechanism in the lists below: POP3 USER and PASS, IMAP LOGIN.
inline constexpr std::string_view password_command = "PASSWORD";

struct LoginPlan {
    std::string user{};                      ///< as the server wants it; no control characters
    std::shared_ptr<const Secret> secret{};  ///< password or token
    bool secret_is_token{false};             ///< an OAuth access token: XOAUTH2 and OAUTHBEARER only
    HostName host;                           ///< for mechanisms that name it (OAUTHBEARER, DIGEST-MD5)
    Port port;
    /// Mechanisms to choose from, best first, in upper case; PASSWORD and APOP among them. Empty: as mail
    /// programs do: PLAIN, LOGIN, PASSWORD, then SCRAM; challenge mechanisms that are out of use only when
    /// they are named here.
    std::vector<std::string> mechanisms{};
    /// Mechanisms that the server offers and does not take after all.
    std::vector<std::string> except{};
    /// Try the first of `mechanisms` even when the server does not offer it.
    bool insist{false};
    /// The account's own address for MAIL FROM after the login (SMTP); empty: not tried.
    std::string address{};
    /// Somebody else's address, to see whether the account may send with it (SMTP, with `address`); empty:
    /// not tried.
    std::string other_sender{};
    /// A recipient at another domain (SMTP, with `address`); empty: not tried.
    std::string foreign_recipient{};
    /// Further secrets of the account: where a server's words repeat one, it is kept back as well.
    std::vector<std::shared_ptr<const Secret>> never_shown{};
    /// Also log in over a connection that is not encrypted, or whose certificate did not verify. The user has
    /// said so.
    bool allow_unprotected{false};
};

/// What the first harmless commands after a login gave.
struct AfterLogin {
    bool works{false};      ///< STAT, EXAMINE INBOX or MAIL FROM was accepted
    std::string command{};  ///< which
    std::string refusal{};  ///< the server's words where it was not
    int refusal_code{};
    std::optional<std::uint64_t> messages{};  ///< in the mailbox
    std::optional<std::uint64_t> octets{};    ///< in the mailbox (POP3)
    std::optional<AddressTrial> other_sender{};
    std::optional<AddressTrial> foreign_recipient{};
    std::optional<Failure> failure{};  ///< where the connection broke
};

struct LoginResult {
    enum class Outcome : std::uint8_t {
        accepted,
        refused,        ///< the server said no: see refusal
        unavailable,    ///< the server said: not now (SMTP 4xx, [SYS/TEMP], [IN-USE], [UNAVAILABLE], …)
        no_mechanism,   ///< server and plan share none; nothing was sent
        not_protected,  ///< the connection is not encrypted or not verified; nothing was sent
        broken,         ///< the connection or the exchange failed: see failure
    } outcome{Outcome::broken};
    std::string mechanism{};             ///< that was used
    std::vector<std::string> offered{};  ///< by the server, with PASSWORD and APOP where they are possible
    std::string refusal{};               ///< the server's words, cleaned
    int refusal_code{};                  ///< SMTP
    std::string response_code{};         ///< "AUTHENTICATIONFAILED", "IN-USE", "5.7.8"
    std::vector<std::string> notices{};  ///< IMAP [ALERT]s and untagged NOs on the way, an OAuth error's JSON
    bool secret_sent{false};             ///< password, token or proof of it left this computer
    bool unprotected{false};             ///< … over a connection that was not protected
    bool verifier_needed{false};  ///< a refusal does not show that the password is wrong (see mechanism)
    std::optional<Failure> failure{};
    std::optional<AfterLogin> after{};  ///< set when accepted
    std::chrono::microseconds took{};

    /// Whether this counts against the account's budget of refused logins.
    bool counts() const noexcept { return outcome == Outcome::refused && secret_sent; }
};

/// Logs in once over a session that run_dialog left open, with the best common mechanism, looks whether the
/// account works (STAT; EXAMINE INBOX, which is read-only; MAIL FROM the own address and RSET), and leaves
/// the session open. At most one login is tried. The transcript of the session goes on; it holds neither the
/// secret nor anything it could be guessed from.
Task<LoginResult> log_in(SessionPtr session, LoginPlan plan, Deadline deadline);

/// What log_in would use. @return empty when there is no common mechanism
std::string choose_mechanism(const Session& session, const LoginPlan& plan);
/// What the server takes, in its own order, with PASSWORD and APOP where they are possible.
std::vector<std::string> offered_mechanisms(const Session& session);

/// MAIL FROM, RCPT TO, then RSET: whether a server takes this sender and recipient. Many judge the sender
/// only when they hear the recipient. SMTP only.
/// @return the reply to RCPT, or to MAIL where that was refused
Task<Result<protocol::SmtpReply>> try_recipient(SessionPtr session, std::string sender, std::string recipient,
                                                Deadline deadline);

/// MAIL FROM an address, then RSET: whether this session may send as somebody. SMTP only.
Task<Result<protocol::SmtpReply>> try_sender(SessionPtr session, std::string address, Deadline deadline);

}  // namespace maildoctor::mail
