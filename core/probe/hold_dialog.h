// What all visits to a port begin with. For the files of this room.
#pragma once

#include <string_view>

#include "core/async/task.h"
#include "core/mail/dialog.h"
#include "core/probe/port.h"

namespace maildoctor::probe {

/// An observation about the question's port, begun now.
Observation start_observation(const Context& context, const PortQuestion& question, std::string_view probe);

/// The dialog up to the capabilities that the question asks for.
mail::DialogPlan plan_for(const Context& context, const PortQuestion& question);

/// Connects and holds the dialog; what was seen goes into `seen`, which must outlive the task.
/// @param plan as plan_for() gives it, or with other wishes about STARTTLS and whether the session stays open
/// @return the open session, where `plan` wants one and the dialog came to its end; else null
Task<mail::SessionPtr> hold_dialog(ContextPtr context, PortQuestion question, mail::DialogPlan plan,
                                   Observation& seen);

}  // namespace maildoctor::probe
