// Blocking work (system look-ups, files) on a Poco thread pool, awaited from a loop.
#pragma once

#include <functional>

#include "core/async/task.h"

namespace maildoctor::async {

/// Runs `work` on the process's thread pool and resumes here when it is done. An exception of `work` is
/// thrown again here. When the waiting coroutine is cancelled, it is resumed at once with false and `work`
/// ends on its own: capture by value.
/// @return true when the work was done
Task<bool> offload(std::function<void()> work);

}  // namespace maildoctor::async
