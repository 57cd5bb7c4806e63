// Questions about what a dialog with a mail server showed. Used by planning and by diagnosis alike, so that
// both mean the same by "this server works".
#pragma once

#include <string_view>

#include "core/model/observation.h"

namespace maildoctor {

/// The probe that connects to a mail port and holds a dialog: Observation::probe of its observations.
inline constexpr std::string_view dialog_probe = "mail.dialog";
/// The probe that only connects and closes.
inline constexpr std::string_view connect_probe = "net.connect";

/// The probe that logs in once: its observations have LoginFacts.
inline constexpr std::string_view login_probe = "mail.login";
/// The probe that asks a server to pass on mail: its observations have RelayFacts.
inline constexpr std::string_view relay_probe = "mail.relay";
/// The probe that submits a test message, and waits for it: its observations have SendFacts.
inline constexpr std::string_view send_probe = "mail.send";

/// The probe that looks at everything that a server's TLS can do: its observations have a TlsSurvey.
inline constexpr std::string_view survey_probe = "tls.survey";
/// The probe that asks for single versions of TLS: its observations have a TlsSurvey of these alone.
inline constexpr std::string_view versions_probe = "tls.versions";
/// The probe that asks a server for its time: its observations have ClockFacts.
inline constexpr std::string_view clock_probe = "clock";

/// Observation::source of a dialog with one address of several, beside the one that the race of addresses
/// decided.
inline constexpr std::string_view address_source = "address";

bool is_dialog(const Observation& seen) noexcept;
bool is_connect(const Observation& seen) noexcept;

/// Whether the TCP connection was made.
bool connected(const Observation& seen) noexcept;
/// Whether the connection was tried and no packet came back before the limit.
bool silent_port(const Observation& seen) noexcept;
/// Whether the server greeted in its own protocol and did not refuse.
bool greeted(const Observation& seen) noexcept;
/// Whether TLS was set up at all, and whether with a good chain and name.
bool encrypted(const Observation& seen) noexcept;
bool trusted(const Observation& seen) noexcept;
/// Connected, but nothing was said until the limit (a tarpit, a slow server, or TLS expected).
bool silent_server(const Observation& seen) noexcept;
/// Octets of TLS, or text, where the other was expected: the port speaks in the other mode.
bool tls_where_plain_was_asked(const Observation& seen) noexcept;
bool text_where_tls_was_asked(const Observation& seen) noexcept;
/// Whether a current mail program gets as far as the login with a protected connection.
bool usable_securely(const Observation& seen) noexcept;
/// Whether a login without encryption is offered.
bool plain_login_offered(const Observation& seen) noexcept;
/// The kind of failure, where there is one at this stage.
bool failed_with(const Observation& seen, Stage stage, FailureKind kind) noexcept;

}  // namespace maildoctor
