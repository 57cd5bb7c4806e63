// What logins and relay tests showed, as plain values.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace maildoctor {

/// How one login ended.
enum class LoginOutcome : std::uint8_t {
    accepted,
    refused,        ///< the server said no
    unavailable,    ///< the server said: not now
    no_mechanism,   ///< no common login method; nothing was sent
    not_protected,  ///< not encrypted or not verified; nothing was sent
    broken,         ///< the connection or the exchange failed
};

/// An address that was named to a server in a transaction which was reset at once, and the answer.
struct AddressTrial {
    std::string address{};
    int code{};           ///< SMTP; 0: no answer
    std::string reply{};  ///< the server's words, cleaned

    bool accepted() const noexcept { return code >= 200 && code < 300; }
    bool refused() const noexcept { return code >= 500; }
};

/// One login and the first harmless command after it. Never holds a secret.
struct LoginFacts {
    std::string user{};
    std::string mechanism{};             ///< that was used; empty when there was none
    std::vector<std::string> offered{};  ///< by the server, in its order
    LoginOutcome outcome{LoginOutcome::broken};
    std::string refusal{};        ///< the server's words, cleaned
    int refusal_code{};           ///< SMTP
    std::string response_code{};  ///< "AUTHENTICATIONFAILED", "IN-USE", "5.7.8"
    std::vector<std::string> notices{};
    bool secret_sent{false};  ///< password, token or proof of it left this computer
    bool unprotected{false};  ///< … over a connection that was not encrypted or not verified
    /// A refusal does not show that the password is wrong: the server may lack what the mechanism needs.
    bool verifier_needed{false};
    std::string after_command{};  ///< the first command after the login; empty: none was tried
    bool after_works{false};
    std::string after_refusal{};                        ///< the server's words where it said no
    int after_code{};                                   ///< SMTP
    std::optional<std::uint64_t> messages{}, octets{};  ///< in the mailbox, as far as they were stated
    /// Somebody else as the sender (SMTP): refused is healthy.
    std::optional<AddressTrial> other_sender{};
    /// A recipient elsewhere (SMTP): what a server accepts after a login only.
    std::optional<AddressTrial> foreign_recipient{};
    std::optional<std::chrono::seconds> pause{};  ///< that the server asks for before the next login
};

/// What a relay test showed.
enum class RelayGrade : std::uint8_t {
    not_tested,      ///< stopped before a foreign recipient was answered
    refused,         ///< healthy
    asks_for_login,  ///< 530, or words to that effect: healthy on a submission server
    proves_nothing,  ///< takes foreign recipients, but nonsense as well; or says no at DATA
    accepts,         ///< takes foreign recipients, and refuses nonsense
    accepts_data,    ///< and would take the message
};

/// "refused", "accepts-data", …: public vocabulary (docs/schema/report.schema.json).
std::string_view word(RelayGrade value) noexcept;
std::optional<RelayGrade> relay_grade_from(std::string_view text) noexcept;

/// One way of asking, and the answer.
struct RelayTrial {
    std::string pattern{};  ///< "foreign", "nmap-12"; stable
    std::string sender{};   ///< between the angle brackets of MAIL FROM
    std::string recipient{};
    int mail_code{};       ///< 0: no answer
    int recipient_code{};  ///< 0: not asked, or no answer
    std::string reply{};   ///< the deciding words, cleaned
    bool may_be_local{};   ///< a server may rightly take the recipient for one of its own

    bool accepted() const noexcept { return recipient_code >= 200 && recipient_code < 300; }
};

struct RelayFacts {
    RelayGrade grade{RelayGrade::not_tested};
    bool full{false};                        ///< all patterns, not one
    std::optional<RelayTrial> baseline{};    ///< nobody at the server's own domain
    std::optional<RelayTrial> impossible{};  ///< the empty recipient: who takes this takes anything
    std::vector<RelayTrial> trials{};
    int data_code{};        ///< of the one DATA of a full test; 0: not tried
    std::string stopped{};  ///< why patterns were left out; empty: all were asked
    std::string network{};  ///< how this computer's network belongs to the server's operator; empty: not
    std::string client{};   ///< this computer's address, as far as the server sees it
};

/// One server on the way of a message, from a Received header (RFC 5321 section 4.4).
struct Hop {
    std::string from{}, by{};
    std::optional<std::int64_t> time{};  ///< seconds since 1970 UTC
};

/// A test message on its way.
struct SendFacts {
    std::string sender{}, recipient{};
    std::string message_id{};  ///< with its angle brackets
    bool accepted{false};      ///< the server took the message
    std::string command{};     ///< the last one: "MAIL FROM", "RCPT TO", "DATA", "the message"
    int code{};                ///< of the answer to it; 0: no answer
    std::string reply{};       ///< the server's words, cleaned
    std::int64_t
        handed_over{};   ///< when the last answer came, by this computer's clock; seconds since 1970 UTC
    bool waited{false};  ///< the mailbox was watched for it
    std::optional<std::chrono::milliseconds> delay{};  ///< from acceptance until it was in the mailbox
    std::vector<Hop> path{};                           ///< the first server first
    std::string not_seen{};                            ///< why it was not seen in the mailbox
};

}  // namespace maildoctor
