#include "core/diagnose/server.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/diagnose/evidence.h"
#include "core/diagnose/hosts.h"
#include "core/explain/explain.h"
#include "core/model/dialog.h"

namespace maildoctor::diagnose {
namespace {

constexpr std::int64_t day = 86400, expiry_warning_days = 14;

Service service_of(Protocol protocol) {
    return protocol == Protocol::smtp   ? Service::smtp
           : protocol == Protocol::pop3 ? Service::pop3
                                        : Service::imap;
}

std::string_view service_word(Service service) {
    switch (service) {
        case Service::smtp:
            return "an outgoing mail server (SMTP)";
        case Service::pop3:
            return "a POP3 server";
        case Service::imap:
            return "an IMAP server";
        case Service::http:
            return "a web server";
        case Service::ssh:
            return "an SSH server";
        case Service::ftp:
            return "an FTP server";
        case Service::nntp:
            return "a news server";
        case Service::tls:
            return "a server that wants encryption from the start";
        case Service::unknown:
            break;
    }
    return "something that is not a mail server";
}

/// Judges one dialog; collects drafts into a Judgement.
class Judge {
public:
    Judge(const Picture& picture, const ServerSetting& setting, const knowledge::Pack& pack, std::int64_t now,
          bool typed)
        : picture_(picture), setting_(setting), pack_(pack), now_(now), typed_(typed) {}

    Judgement judge() {
        const std::string& host = setting_.host.text();
        if (!picture_.host(host).has_address()) {
            if (auto fault = host_fault(picture_, host)) {
                result_.tested = true;
                error(std::move(*fault));
            }
            return std::move(result_);
        }
        result_.progress = 1;
        const Observation* dialog = picture_.dialog(setting_);
        if (dialog == nullptr) return std::move(result_);
        seen_ = dialog;
        other_ = picture_.other_mode(*dialog);
        result_.tested = true;
        judge_dialog();
        const bool broken =
            std::ranges::any_of(result_.drafts, [](const Draft& d) { return d.severity == Severity::error; });
        result_.works = result_.tested && !broken;
        if (result_.works) {
            result_.progress = 5;
            note_dead_addresses();
            note_odd_addresses();
        }
        return std::move(result_);
    }

    /// Judges one dialog of several with the same server, whatever the others say.
    Judgement judge_only(const Observation& dialog) {
        seen_ = &dialog;
        result_.tested = true;
        judge_dialog();
        return std::move(result_);
    }

private:
    void judge_dialog() {
        if (!connected(*seen_)) return judge_connect();
        result_.progress = 2;
        if (setting_.security == Security::tls) {
            if (!encrypted(*seen_)) return judge_failed_implicit_tls();
            judge_certificate();
            judge_parameters();
            return judge_greeting();
        }
        if (!greeted(*seen_)) return judge_no_greeting();
        result_.progress = 3;
        if (setting_.security == Security::starttls) {
            judge_starttls();
        } else {
            judge_plain();
        }
        judge_login_offer();
    }

    Draft& error(Draft draft) {
        result_.drafts.push_back(std::move(draft));
        return result_.drafts.back();
    }

    Draft about(Cause cause, std::string rule) const {
        Draft draft = draft_about(cause, *seen_, std::move(rule));
        draft.subject.security = setting_.security;
        draft.subject.role = role_of(setting_.protocol);
        return draft;
    }

    void not_tested(std::string because) {
        result_.tested = false;
        result_.not_tested.push_back({.what = place(seen_->subject), .because = std::move(because)});
    }

    void judge_connect() {
        const FailureKind kind = seen_->failure ? seen_->failure->kind : FailureKind::cancelled;
        switch (kind) {
            case FailureKind::refused:
                error(about(Cause::net_refused, "connect-refused"));
                break;
            case FailureKind::timed_out: {
                Draft& draft = error(about(Cause::net_timeout, "connect-silent"));
                if (setting_.port.number() == 25) draft.variant = "port-25";
                break;
            }
            case FailureKind::unreachable:
                error(about(Cause::net_unreachable, "connect-no-route"));
                break;
            case FailureKind::reset:
                error(about(Cause::net_dropped, "connect-reset"));
                break;
            case FailureKind::out_of_time:
                return not_tested("the time limit ran out before the port answered");
            case FailureKind::cancelled:
                return not_tested("the check was stopped");
            default:
                return not_tested(seen_->failure ? seen_->failure->text : "no reason known");
        }
        for (const ConnectAttempt& attempt : seen_->connects)
            result_.drafts.back().evidence.push_back(attempt_evidence(*seen_, attempt));
    }

    /// One of several addresses does not answer while the program still gets through over another.
    void note_dead_addresses() {
        for (const ConnectAttempt& attempt : seen_->connects) {
            if (!attempt.failure || attempt.used) continue;
            const bool here = attempt.failure->kind == FailureKind::cancelled ||
                              attempt.failure->kind == FailureKind::not_possible ||
                              attempt.failure->kind == FailureKind::out_of_time ||
                              (attempt.address.is_v6() && attempt.failure->kind == FailureKind::unreachable);
            if (here) {
                if (attempt.address.is_v6())
                    result_.not_tested.push_back(
                        {.what = "IPv6 address " + attempt.address.text() + " of " + setting_.host.text(),
                         .because = "this computer has no IPv6 route (" + attempt.failure->text + ")"});
                continue;
            }
            const Cause cause = attempt.failure->kind == FailureKind::refused       ? Cause::net_refused
                                : attempt.failure->kind == FailureKind::reset       ? Cause::net_dropped
                                : attempt.failure->kind == FailureKind::unreachable ? Cause::net_unreachable
                                                                                    : Cause::net_timeout;
            Draft draft = about(cause, "one-address-dead");
            draft.severity = Severity::warning;
            draft.subject.address = attempt.address;
            draft.variant = "one-address";
            draft.actor = Actor::operator_;
            draft.evidence.push_back(attempt_evidence(*seen_, attempt));
            result_.drafts.push_back(std::move(draft));
        }
    }

    /// The machines behind one name differ: what another address shows when it is asked by itself.
    void note_odd_addresses() {
        for (const Observation* dialog : picture_.dialogs_by_address(setting_)) {
            Judgement own = Judge(picture_, setting_, pack_, now_, typed_).judge_only(*dialog);
            for (Draft& draft : own.drafts) {
                if (draft.severity != Severity::error) continue;
                // A program takes one address and does not try the next after a bad certificate: sometimes it
                // fails.
                draft.confidence = std::max(draft.confidence, Confidence::likely);
                draft.subject.address = dialog->subject.address;
                draft.actor = Actor::operator_;
                if (dialog->subject.address)
                    draft.evidence.push_back({.kind = "connect",
                                              .text = place(dialog->subject) + ": only at the address " +
                                                      dialog->subject.address->text()});
                result_.drafts.push_back(std::move(draft));
            }
        }
    }

    void wrong_mode(std::string rule) {
        Draft draft = about(Cause::tls_wrong_mode, std::move(rule));
        const bool typed_tls = setting_.security == Security::tls;
        draft.variant = typed_tls ? "tls-on-plain-port" : "plain-on-tls-port";
        draft.values["security"] = typed_tls ? "STARTTLS" : "SSL/TLS";
        draft.evidence.push_back(typed_tls ? tls_evidence(*seen_)
                                           : connect_words("no greeting comes without encryption"));
        if (other_ != nullptr) {
            draft.observations.push_back(other_->id);
            draft.evidence.push_back(typed_tls
                                         ? reply_evidence(*other_, other_->mail ? other_->mail->greeting : "")
                                         : tls_evidence(*other_));
        }
        error(std::move(draft));
    }

    Evidence connect_words(std::string words) const {
        return {.kind = "connect", .text = place(seen_->subject) + ": " + std::move(words)};
    }

    void wrong_service(Service found, const std::string& words, Confidence confidence) {
        Draft draft = about(Cause::net_wrong_service, "other-service");
        draft.confidence = confidence;
        draft.values["found"] = service_word(found);
        if (found == Service::http) draft.variant = "web-server";
        if (setting_.protocol == Protocol::smtp && found == Service::imap) draft.variant = "imap-as-smtp";
        if (setting_.protocol == Protocol::smtp && found == Service::pop3) draft.variant = "pop-as-smtp";
        draft.evidence.push_back(
            {.kind = "reply",
             .text = fmt::format("{}: {} answers: {}", place(seen_->subject), service_word(found), words)});
        error(std::move(draft));
    }

    bool is_mail(Service service) const {
        return service == Service::smtp || service == Service::pop3 || service == Service::imap;
    }

    void judge_failed_implicit_tls() {
        const Service text_service = seen_->mail ? seen_->mail->service : Service::unknown;
        if (text_where_tls_was_asked(*seen_)) {
            if (text_service == service_of(setting_.protocol)) return wrong_mode("plain-greeting-to-tls");
            if (other_ != nullptr && greeted(*other_)) return wrong_mode("plain-greeting-to-tls");
            return wrong_service(text_service, seen_->tls->peer_text, Confidence::certain);
        }
        if (other_ != nullptr && greeted(*other_)) return wrong_mode("answers-without-tls");
        const FailureKind kind = seen_->failure ? seen_->failure->kind : FailureKind::tls_error;
        if (kind == FailureKind::cancelled) return not_tested("the check was stopped");
        if (kind == FailureKind::timed_out || kind == FailureKind::out_of_time)
            return not_tested(
                "the port opens, but the server says nothing within the time limit (overloaded, or it slows "
                "strangers down)");
        judge_tls_failure();
    }

    void judge_tls_failure() {
        constexpr int protocol_version = 70, handshake_failure = 40, insufficient_security = 71;
        const FailureKind kind = seen_->failure ? seen_->failure->kind : FailureKind::tls_error;
        Cause cause = Cause::tls_handshake_failed;
        Confidence confidence = Confidence::certain;
        const int alert = seen_->tls && seen_->tls->alert ? *seen_->tls->alert : 0;
        if (alert == protocol_version || alert == handshake_failure || alert == insufficient_security) {
            cause = Cause::tls_protocol_mismatch;
            confidence = alert == handshake_failure ? Confidence::likely : Confidence::certain;
        } else if (kind == FailureKind::reset || kind == FailureKind::peer_closed) {
            cause = seen_->mail && greeted(*seen_) ? Cause::tls_handshake_failed : Cause::net_dropped;
        } else if (seen_->tls && (seen_->tls->error.find("unsupported protocol") != std::string::npos ||
                                  seen_->tls->error.find("wrong ssl version") != std::string::npos)) {
            cause = Cause::tls_protocol_mismatch;
        }
        Draft draft = about(cause, "tls-failed");
        draft.confidence = confidence;
        draft.evidence.push_back(tls_evidence(*seen_));
        error(std::move(draft));
    }

    void judge_certificate() {
        result_.progress = std::max(result_.progress, 4);
        for (const ChainFault fault : seen_->tls->faults) {
            Draft draft = about(certificate_cause(fault), "certificate");
            draft.evidence.push_back(certificate_evidence(*seen_));
            if (!seen_->tls->chain.empty()) {
                const CertificateFacts& leaf = seen_->tls->chain.front();
                draft.values["names"] = names_of(leaf);
                if (fault == ChainFault::name_mismatch) draft.variant = "names-known";
                draft.values["days"] = std::to_string(std::abs(now_ - leaf.not_after) / day);
                draft.values["issuer"] = leaf.issuer;
            }
            if (fault == ChainFault::other) {
                draft.confidence = Confidence::likely;
                for (const VerifyError& e : seen_->tls->verify_errors)
                    draft.evidence.push_back({.kind = "certificate", .text = e.text});
            }
            if (fault == ChainFault::untrusted_issuer || fault == ChainFault::incomplete_chain)
                draft.confidence = Confidence::likely;
            if (fault == ChainFault::weak_key || fault == ChainFault::weak_signature)
                draft.evidence.push_back(tls_evidence(*seen_));
            error(std::move(draft));
        }
        if (!seen_->tls->faults.empty() || seen_->tls->chain.empty()) return;
        std::int64_t end = seen_->tls->chain.front().not_after;
        const std::int64_t left = (end - now_) / day;
        if (left >= expiry_warning_days) return;
        Draft draft = about(Cause::tls_certificate_expiring, "certificate-expiring");
        draft.severity = Severity::warning;
        draft.values["days"] = std::to_string(left);
        draft.variant = "days-known";
        draft.evidence.push_back(certificate_evidence(*seen_));
        result_.drafts.push_back(std::move(draft));
    }

    static Cause certificate_cause(ChainFault fault) {
        switch (fault) {
            case ChainFault::expired:
                return Cause::tls_certificate_expired;
            case ChainFault::not_yet_valid:
                return Cause::tls_certificate_not_yet_valid;
            case ChainFault::name_mismatch:
                return Cause::tls_name_mismatch;
            case ChainFault::self_signed:
                return Cause::tls_self_signed;
            case ChainFault::untrusted_issuer:
                return Cause::tls_untrusted_issuer;
            case ChainFault::incomplete_chain:
                return Cause::tls_incomplete_chain;
            case ChainFault::revoked:
                return Cause::tls_revoked;
            case ChainFault::weak_key:
            case ChainFault::weak_signature:
                return Cause::tls_weak;
            case ChainFault::other:
                break;
        }
        return Cause::tls_untrusted_issuer;
    }

    /// Version, key exchange: what current programs refuse although the handshake worked for us.
    void judge_parameters() {
        const bool said =
            std::ranges::any_of(result_.drafts, [](const Draft& d) { return d.cause == Cause::tls_weak; });
        if (!seen_->tls->weak || said) return;
        Draft draft = about(Cause::tls_weak, "weak-parameters");
        draft.detail = seen_->tls->weak_reason;
        draft.evidence.push_back(tls_evidence(*seen_));
        error(std::move(draft));
    }

    void judge_greeting() {
        if (greeted(*seen_)) {
            result_.progress = std::max(result_.progress, 4);
            if (seen_->failure) return judge_broken_off();
            return judge_login_offer();
        }
        judge_bad_greeting();
    }

    void judge_bad_greeting() {
        const MailFacts& mail = *seen_->mail;
        if (!mail.refusal.empty()) return judge_refusal();
        const FailureKind kind = seen_->failure ? seen_->failure->kind : FailureKind::bad_syntax;
        if (kind == FailureKind::cancelled) return not_tested("the check was stopped");
        if (kind == FailureKind::timed_out || kind == FailureKind::out_of_time)
            return not_tested(
                "the port opens, but no greeting came within the time limit (overloaded, or it slows "
                "strangers down)");
        if (kind == FailureKind::reset || kind == FailureKind::peer_closed) {
            Draft draft = about(Cause::net_dropped, "closed-before-greeting");
            draft.variant = "at-once";
            draft.evidence.push_back(
                connect_words("the connection was made and then closed without a greeting"));
            error(std::move(draft));
            return;
        }
        const bool other_kind =
            mail.service != Service::unknown && mail.service != service_of(setting_.protocol);
        if (other_kind) return wrong_service(mail.service, mail.greeting, Confidence::certain);
        wrong_service(Service::unknown, mail.greeting, Confidence::likely);
    }

    void judge_no_greeting() {
        if (tls_where_plain_was_asked(*seen_)) return wrong_mode("tls-octets-to-plain");
        const bool nothing = !seen_->mail || seen_->mail->greeting.empty();
        if (nothing && other_ != nullptr && encrypted(*other_)) return wrong_mode("silent-without-tls");
        // A web server waits for the client to speak; its answer to our TLS greeting gives it away.
        if (nothing && other_ != nullptr && text_where_tls_was_asked(*other_) && other_->mail &&
            other_->mail->service != Service::unknown)
            return wrong_service(other_->mail->service, other_->tls->peer_text, Confidence::certain);
        if (!seen_->mail) return not_tested("the dialog did not start");
        judge_bad_greeting();
    }

    void judge_refusal() {
        const RefusalCause refusal =
            refusal_cause(*seen_, pack_,
                          setting_.protocol == Protocol::smtp ? Cause::smtp_service_unavailable
                                                              : Cause::mailbox_server_error);
        if (means_not_now(refusal.cause))
            return not_tested("the server turns connections away for the moment: " + seen_->mail->refusal);
        Draft draft = about(refusal.cause, refusal.rule);
        draft.confidence = refusal.confidence;
        draft.evidence.push_back(reply_evidence(*seen_, seen_->mail->refusal));
        error(std::move(draft));
    }

    void judge_starttls() {
        const MailFacts& mail = *seen_->mail;
        if (!mail.injected.empty()) note_injection();
        if (!encrypted(*seen_)) {
            if (seen_->failure && seen_->failure->kind == FailureKind::cancelled)
                return not_tested("the check was stopped");
            if (!mail.starttls_offered && !mail.starttls_accepted) {
                if (!mail.capabilities_known && seen_->failure) return judge_broken_off();
                Draft draft = about(Cause::tls_not_offered, "no-starttls");
                draft.evidence.push_back(
                    {.kind = "reply",
                     .text = place(seen_->subject) + " offers: " + offers(mail.capabilities_before)});
                error(std::move(draft));
                return;
            }
            if (!mail.starttls_accepted) {
                const bool cut = seen_->failure && (seen_->failure->kind == FailureKind::reset ||
                                                    seen_->failure->kind == FailureKind::peer_closed ||
                                                    seen_->failure->kind == FailureKind::timed_out ||
                                                    seen_->failure->kind == FailureKind::out_of_time);
                if (cut) return judge_broken_off();
                Draft draft = about(Cause::tls_not_offered, "starttls-refused");
                draft.confidence = Confidence::likely;
                draft.evidence.push_back(
                    reply_evidence(*seen_, mail.refusal.empty() ? "nothing to STARTTLS" : mail.refusal));
                error(std::move(draft));
                return;
            }
            if (seen_->failure && (seen_->failure->kind == FailureKind::timed_out ||
                                   seen_->failure->kind == FailureKind::out_of_time))
                return not_tested("the handshake did not end within the time limit");
            return judge_tls_failure();
        }
        judge_certificate();
        judge_parameters();
        if (seen_->failure) judge_broken_off();
    }

    /// The dialog ended in the middle, after the greeting.
    void judge_broken_off() {
        const FailureKind kind = seen_->failure->kind;
        if (kind == FailureKind::timed_out || kind == FailureKind::out_of_time)
            return not_tested("the server stopped answering in the middle of the dialog");
        if (kind == FailureKind::rejected || !seen_->mail->refusal.empty()) return judge_refusal();
        Draft draft = about(kind == FailureKind::bad_syntax || kind == FailureKind::too_large
                                ? (setting_.protocol == Protocol::smtp ? Cause::smtp_protocol_error
                                                                       : Cause::mailbox_server_error)
                                : Cause::net_dropped,
                            "broken-off");
        draft.confidence = Confidence::likely;
        draft.evidence.push_back(connect_words("the dialog broke off: " + seen_->failure->text));
        error(std::move(draft));
    }

    static std::string offers(const std::vector<std::string>& capabilities) {
        std::string text;
        for (const std::string& capability : capabilities)
            text += (text.empty() ? "" : ", ") + capability;
        return text.empty() ? "nothing" : text;
    }

    void note_injection() {
        Draft draft = about(Cause::tls_plaintext_injection, "octets-before-handshake");
        draft.severity = Severity::warning;
        draft.actor = Actor::operator_;
        draft.evidence.push_back(
            {.kind = "transcript",
             .text = place(seen_->subject) +
                     " sent between STARTTLS and the handshake: " + seen_->mail->injected});
        result_.drafts.push_back(std::move(draft));
    }

    /// The user's program is set to no encryption at all.
    void judge_plain() {
        const MailFacts& mail = *seen_->mail;
        if (seen_->failure && seen_->failure->stage == Stage::capabilities) return judge_broken_off();
        if (!plain_login_offered(*seen_) && (mail.starttls_offered || mail.login_disabled_plain)) {
            Draft draft = about(Cause::tls_required, "login-after-tls-only");
            draft.values["security"] = mail.starttls_offered ? "STARTTLS" : "SSL/TLS";
            draft.evidence.push_back(
                {.kind = "reply",
                 .text = place(seen_->subject) +
                         " without encryption offers no login: " + offers(mail.capabilities_before)});
            error(std::move(draft));
            return;
        }
        if (!plain_login_offered(*seen_)) return;
        Draft draft = about(Cause::auth_plaintext_allowed, "login-without-tls");
        draft.severity = typed_ ? Severity::warning : Severity::info;
        draft.evidence.push_back(
            {.kind = "reply", .text = place(seen_->subject) + " lets passwords travel without encryption"});
        result_.drafts.push_back(std::move(draft));
    }

    void judge_login_offer() {
        const MailFacts& mail = *seen_->mail;
        const bool secured = setting_.security != Security::none;
        if (!secured || !mail.capabilities_known || !encrypted(*seen_)) return;
        if (setting_.protocol != Protocol::smtp && mail.login_disabled && mail.auth_mechanisms.empty()) {
            Draft draft = about(Cause::auth_mechanism_unsupported, "no-login-offered");
            draft.confidence = Confidence::likely;
            draft.evidence.push_back({.kind = "reply",
                                      .text = place(seen_->subject) + " offers no way to log in: " +
                                              offers(mail.capabilities_after)});
            error(std::move(draft));
        }
    }

    const Picture& picture_;
    const ServerSetting& setting_;
    const knowledge::Pack& pack_;
    std::int64_t now_;
    bool typed_;
    const Observation* seen_{};
    const Observation* other_{};
    Judgement result_{};
};

}  // namespace

Draft draft_about(Cause cause, const Observation& seen, std::string rule) {
    return {.cause = cause, .subject = seen.subject, .observations = {seen.id}, .rule = std::move(rule)};
}

bool means_not_now(Cause cause) noexcept {
    static constexpr std::array causes = {Cause::smtp_rate_limited, Cause::smtp_greylisted,
                                          Cause::auth_rate_limited, Cause::mailbox_too_many_connections};
    return std::ranges::find(causes, cause) != causes.end();
}

RefusalCause refusal_cause(const Observation& seen, const knowledge::Pack& pack, Cause otherwise) {
    const auto candidates = explain::classify_reply(
        seen.mail->refusal,
        {.protocol = seen.subject.protocol.value_or(Protocol::smtp),
         .stage = greeted(seen) ? explain::Stage::capabilities : explain::Stage::greeting},
        pack);
    if (candidates.empty()) return {.cause = otherwise, .confidence = Confidence::likely, .rule = "refusal"};
    const CauseCandidate& best = candidates.front();
    return {.cause = best.cause,
            .confidence = best.confidence,
            .rule = best.matched.empty() ? "refusal" : best.matched.front().rule};
}

Judgement judge_server(const Picture& picture, const ServerSetting& setting, const knowledge::Pack& pack,
                       std::int64_t now, bool typed) {
    return Judge(picture, setting, pack, now, typed).judge();
}

}  // namespace maildoctor::diagnose
