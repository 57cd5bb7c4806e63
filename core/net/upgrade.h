// Turning a plain stream into an encrypted one: mail dialogs and HTTP call it, room `tls` makes it.
#pragma once

#include <functional>
#include <optional>

#include "core/async/deadline.h"
#include "core/async/task.h"
#include "core/model/facts.h"
#include "core/model/result.h"
#include "core/net/stream.h"

namespace maildoctor::net {

struct UpgradeResult {
    StreamPtr stream{};  ///< null when the handshake failed
    TlsFacts facts{};
    std::optional<Failure> failure{};  ///< set exactly when `stream` is null
};

/// Does a TLS handshake as a client over `plain`. Goes on over a certificate that does not verify:
/// `facts.verified` tells.
using Upgrade = std::function<Task<UpgradeResult>(StreamPtr plain, Deadline deadline)>;

}  // namespace maildoctor::net
