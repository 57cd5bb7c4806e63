// The dialog with one mail server: greeting, capabilities, STARTTLS, capabilities again. Observes, never
// judges.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/async/deadline.h"
#include "core/async/task.h"
#include "core/mail/session.h"
#include "core/model/boxed.h"
#include "core/model/facts.h"
#include "core/model/host_name.h"
#include "core/model/result.h"
#include "core/model/words.h"
#include "core/net/stream.h"
#include "core/net/upgrade.h"

namespace maildoctor::mail {

struct DialogPlan {
    Protocol protocol{};
    Security security{};
    HostName host;            ///< as typed; for the record only, the certificate check is the upgrade's
    std::string ehlo_name{};  ///< empty: "[127.0.0.1]", as mail programs say that do not give their name away
    /// True: says good-bye when the capabilities are known. False: DialogResult::session stays open for a
    /// login or a relay test.
    bool stop_after_capabilities{true};
    /// With Security::none: learn what STARTTLS would give where it is offered. A failure of that part is in
    /// the facts and the transcript only, because a plain connection was asked for; the session is encrypted
    /// afterwards or gone.
    bool try_starttls_if_offered{true};
    DialogLimits limits{};
    /// Called at most once, on the loop's thread, when a plain start met limits.silence without an octet: the
    /// caller may want to ask the same port for TLS meanwhile. Must not throw.
    std::function<void()> on_silence{};
};

/// How long the parts took; nothing where one was not reached.
struct DialogTimings {
    std::optional<std::chrono::microseconds>
        greeting{};  ///< from the start (or from the handshake's end) to the whole greeting
    std::optional<std::chrono::microseconds> capabilities{};  ///< the first time they were asked for
    std::optional<std::chrono::microseconds> handshake{};
    std::chrono::microseconds total{};
};

struct DialogResult {
    MailFacts mail{};
    Boxed<TlsFacts> tls{};             ///< set when a handshake was tried
    std::optional<Failure> failure{};  ///< where the dialog stopped; nothing when it came to its end
    std::vector<TranscriptLine> transcript{};
    DialogTimings timings{};
    SessionPtr session{};  ///< open, when the plan wanted it and nothing failed; else null
};

/// Talks to a mail server over a fresh connection.
///
/// Sends EHLO (HELO where that is refused), CAPA or CAPABILITY, STARTTLS or STLS, and QUIT or LOGOUT:
/// harmless to any server, needs no account, sends no secret. One connection.
///
/// Security::tls starts with the handshake. When a plain server answers it with text, MailFacts::service and
/// greeting come from that text and the failure is the handshake's. Security::starttls without an offer ends
/// with Stage::starttls, rejected, code 0; a POP3 server without CAPA is asked for STLS all the same. A
/// certificate that does not verify does not stop the dialog. Octets between the STARTTLS answer and the
/// handshake are kept in MailFacts::injected and dropped.
///
/// Failures by stage: greeting: timed_out (nothing came; MailFacts::greeting is empty), peer_closed, reset,
/// bad_syntax (another kind of server or TLS octets: see MailFacts::service), rejected (421, 554, -ERR, BYE:
/// see refusal), too_large; the same with capabilities, starttls, tls_handshake. out_of_time instead of
/// timed_out when `deadline` was what ran out.
Task<DialogResult> run_dialog(DialogPlan plan, net::StreamPtr stream, net::Upgrade upgrade,
                              Deadline deadline);

}  // namespace maildoctor::mail
