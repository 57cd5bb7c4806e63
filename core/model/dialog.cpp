#include "core/model/dialog.h"

#include <algorithm>

namespace maildoctor {

bool is_dialog(const Observation& seen) noexcept {
    return seen.probe == dialog_probe;
}

bool is_connect(const Observation& seen) noexcept {
    return seen.probe == connect_probe;
}

bool failed_with(const Observation& seen, Stage stage, FailureKind kind) noexcept {
    return seen.failure && seen.failure->stage == stage && seen.failure->kind == kind;
}

bool connected(const Observation& seen) noexcept {
    return std::ranges::any_of(seen.connects, [](const ConnectAttempt& a) { return a.used; });
}

bool silent_port(const Observation& seen) noexcept {
    return !connected(seen) && failed_with(seen, Stage::connect, FailureKind::timed_out);
}

bool greeted(const Observation& seen) noexcept {
    return seen.mail && seen.mail->greeting_ok;
}

bool encrypted(const Observation& seen) noexcept {
    return seen.tls && seen.tls->completed;
}

bool trusted(const Observation& seen) noexcept {
    return encrypted(seen) && seen.tls->verified && !seen.tls->weak;
}

bool silent_server(const Observation& seen) noexcept {
    if (!connected(seen) || !seen.failure) return false;
    const bool waiting =
        seen.failure->kind == FailureKind::timed_out || seen.failure->kind == FailureKind::out_of_time;
    const bool said_nothing = !seen.mail || seen.mail->greeting.empty();
    return waiting && said_nothing && !encrypted(seen);
}

bool tls_where_plain_was_asked(const Observation& seen) noexcept {
    return seen.subject.security != Security::tls && seen.mail && seen.mail->service == Service::tls;
}

bool text_where_tls_was_asked(const Observation& seen) noexcept {
    return seen.subject.security == Security::tls && seen.tls && seen.tls->text_answer;
}

bool usable_securely(const Observation& seen) noexcept {
    if (!greeted(seen) || !trusted(seen) || !seen.mail->capabilities_known) return false;
    return !(seen.mail->login_disabled && seen.mail->auth_mechanisms.empty());
}

bool plain_login_offered(const Observation& seen) noexcept {
    if (!greeted(seen) || seen.subject.security == Security::tls) return false;
    if (seen.subject.protocol == Protocol::smtp) return !seen.mail->auth_mechanisms_plain.empty();
    return !seen.mail->login_disabled_plain || !seen.mail->auth_mechanisms_plain.empty();
}

}  // namespace maildoctor
