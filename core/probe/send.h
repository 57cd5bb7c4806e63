// Submitting a test message, and waiting for it in the mailbox.
#pragma once

#include <optional>
#include <string>

#include "core/async/task.h"
#include "core/mail/login.h"
#include "core/model/observation.h"
#include "core/probe/context.h"
#include "core/probe/port.h"

namespace maildoctor::probe {

/// A place to log in at, with settings that are known to work.
struct LoginAt {
    PortQuestion question;
    mail::LoginPlan login;
};

struct SendQuestion {
    LoginAt outgoing;
    std::string sender{}, recipient{};
    std::optional<LoginAt> mailbox{};  ///< of the recipient; nothing: the message is not waited for
};

/// Logs in, submits one small message and, with a mailbox, looks for it there every few seconds (as seldom as
/// a POP3 server's LOGIN-DELAY asks) until it is found or little of the run's time is left. The message stays
/// where it is; no flag changes.
/// @return answer yes when it was accepted, and found where it was waited for; no when it was refused; else
///         unknown. `send` is set when the login worked; else `failure` and `login` say where it ended
Task<Observation> send_test(ContextPtr context, SendQuestion question);

}  // namespace maildoctor::probe
