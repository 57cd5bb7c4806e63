// The steps of a dialog that differ between the protocols. For the .cpp files of this room only.
#pragma once

#include "core/mail/session.h"

namespace maildoctor::mail {

/// Each step adds what it learns to session->facts.
struct Steps {
    /// Takes the greeting whose first line is pending.
    Task<Result<void>> (*greeting)(SessionPtr session, Deadline deadline);
    /// Asks for capabilities. A server that knows none is no failure.
    Task<Result<void>> (*capabilities)(SessionPtr session, Deadline deadline);
    /// Sends STARTTLS or STLS. @return rejected with the server's words when it is refused
    Task<Result<void>> (*starttls)(SessionPtr session, Deadline deadline);
};

extern const Steps smtp_steps;
extern const Steps pop3_steps;
extern const Steps imap_steps;
const Steps& steps_of(Protocol protocol) noexcept;

/// Keeps a capability list in the facts: before or after encryption, each line cleaned and bounded.
void keep_capabilities(Session& session, const std::vector<std::string>& lines,
                       const std::vector<std::string>& auth);

}  // namespace maildoctor::mail
