// Turning a plain stream into an encrypted one: mail dialogs and HTTP call it, room `tls` makes it.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "core/async/deadline.h"
#include "core/async/task.h"
#include "core/model/facts.h"
#include "core/model/result.h"
#include "core/net/stream.h"

namespace maildoctor::net {

/// What ties a login to this very TLS connection (RFC 5929, RFC 9266), raw octets; empty where TLS gives
/// none.
struct ChannelBindings {
    std::string tls_exporter{};  ///< TLS 1.3, and 1.2 with the extended master secret
    std::string tls_unique{};    ///< up to TLS 1.2
};

struct UpgradeResult {
    StreamPtr stream{};  ///< null when the handshake failed
    TlsFacts facts{};
    /// Derives them when somebody wants to log in, as long as the stream is open; may be empty.
    std::function<ChannelBindings()> bindings{};
    std::optional<Failure> failure{};  ///< set exactly when `stream` is null
};

/// Does a TLS handshake as a client over `plain`. Goes on over a certificate that does not verify:
/// `facts.verified` tells.
using Upgrade = std::function<Task<UpgradeResult>(StreamPtr plain, Deadline deadline)>;

}  // namespace maildoctor::net
