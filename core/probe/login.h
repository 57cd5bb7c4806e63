// Logging in once at one port of a mail server.
#pragma once

#include "core/async/task.h"
#include "core/mail/login.h"
#include "core/model/observation.h"
#include "core/probe/context.h"
#include "core/probe/port.h"

namespace maildoctor::probe {

/// Opens a connection of its own, holds the dialog in the mode of `question.start` (Security::none stays
/// without encryption), logs in once as `plan` says, looks whether the account works, and says good-bye.
/// Nothing in the mailbox is changed. The secret is in no part of what comes back.
/// @return answer yes when the login was accepted; no when it was refused; else unknown. `login` is set when
///         the dialog got so far; else `failure` says where it ended
Task<Observation> port_login(ContextPtr context, PortQuestion question, mail::LoginPlan plan);

}  // namespace maildoctor::probe
