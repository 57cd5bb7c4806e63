// Whether a server passes on mail from strangers to strangers. Never sends a message.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/async/deadline.h"
#include "core/async/task.h"
#include "core/mail/session.h"
#include "core/model/access.h"
#include "core/model/ip_address.h"
#include "core/model/result.h"

namespace maildoctor::mail {

/// One way of asking a server to pass on a message.
struct RelayPattern {
    std::string name{};       ///< "nmap-12"; stable, for reports
    std::string sender{};     ///< between the angle brackets of MAIL FROM
    std::string recipient{};  ///< between those of RCPT TO
    /// A server may rightly take the recipient for one of its own: accepted is no proof.
    bool may_be_local{};
};

struct RelayPlan {
    /// False: one foreign recipient. True: all patterns, and DATA once; the user has agreed.
    bool full{false};
    std::string own_domain{};            ///< that the server receives mail for; the baseline is nobody there
    std::string server_name{};           ///< as it names itself in its EHLO answer; empty: own_domain
    std::optional<IpAddress> address{};  ///< of the server, for address literals
    std::string sender{"maildoctor@example.com"};     ///< a stranger; reserved names (RFC 2606) by default
    std::string recipient{"maildoctor@example.org"};  ///< another one
    std::string nobody{};                             ///< local part that does not exist; empty: made up
    std::chrono::milliseconds pause{1000};            ///< between patterns in a full test
    /// Opens the next connection, up to its EHLO answer, when the one before is closed; null when that fails.
    /// A full test uses a new one after eight patterns, because servers slow down or hang up when refusals
    /// add up. Empty: one connection.
    std::function<Task<SessionPtr>()> reopen{};
};

/// One pattern and what became of it.
struct RelayAttempt {
    RelayPattern pattern{};
    int mail_code{};       ///< 0: no answer
    int recipient_code{};  ///< 0: not asked, or no answer
    std::string reply{};   ///< the deciding words, cleaned

    bool accepted() const noexcept { return recipient_code >= 200 && recipient_code < 300; }
};

using maildoctor::RelayGrade;

struct RelayResult {
    RelayGrade grade{RelayGrade::not_tested};
    bool after_login{false};  ///< the session had logged in: accepting foreign recipients is its job
    std::optional<RelayAttempt> baseline{};  ///< nobody at the server's own domain
    /// The empty path, which is no recipient at all (RFC 5321 section 4.1.1.3): asked once, when a server
    /// takes a foreign recipient and has taken the baseline's too. Who accepts this accepts anything, and
    /// proves nothing.
    std::optional<RelayAttempt> impossible{};
    std::vector<RelayAttempt> attempts{};
    int data_code{};                   ///< of the one DATA of a full test; 0: not tried
    std::string stopped{};             ///< why patterns were left out; empty: all were asked
    std::optional<Failure> failure{};  ///< where the connection broke
};

/// All patterns of a full test: nmap's sixteen in its order, then address literals, null senders and the
/// server's own domain. Those that need an address are left out where the plan has none.
std::vector<RelayPattern> relay_patterns(const RelayPlan& plan);

/// Asks over an open SMTP session (after EHLO): a baseline recipient that does not exist, then foreign
/// recipients; RSET after each; QUIT at the end. Basic: one foreign recipient, never DATA. Full: each pattern
/// after a pause; DATA at most once, only after a foreign recipient was accepted and nonsense refused, and at
/// 354 the connection is closed without another octet. Stops at 421 and at the second 4xx. The session is
/// closed afterwards.
Task<RelayResult> relay_test(SessionPtr session, RelayPlan plan, Deadline deadline);

/// The grade of what was seen; a pure function, used by relay_test.
RelayGrade relay_grade(const RelayResult& seen) noexcept;

}  // namespace maildoctor::mail
