#include <algorithm>

#include "core/diagnose/evidence.h"
#include "core/diagnose/server_judge.h"
#include "core/knowledge/texts.h"
#include "core/model/dialog.h"
#include "core/model/text.h"
#include "core/protocol/smtp_reply.h"

namespace maildoctor::diagnose {
namespace {

constexpr std::int64_t day = 86400, expiry_warning_days = 14;

Cause certificate_cause(ChainFault fault) {
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

/// "XXXXXXXA": what is left of a capability that a Cisco firewall does not know.
bool is_masked_word(std::string_view text) {
    constexpr std::size_t shortest = 4;
    text = text.substr(0, text.find(' '));
    return text.size() >= shortest &&
           std::ranges::all_of(text.substr(0, text.size() - 1), [](char c) { return c == 'X'; });
}

/// Whether a device on the way overwrote what the server said (Cisco PIX and ASA).
bool is_masked(const MailFacts& mail) {
    return protocol::is_masked_greeting(mail.greeting) ||
           std::ranges::any_of(mail.capabilities_before, is_masked_word);
}

}  // namespace

void Judge::wrong_mode(std::string rule) {
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

void Judge::judge_failed_implicit_tls() {
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

void Judge::judge_tls_failure() {
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

void Judge::judge_certificate() {
    result_.progress = std::max(result_.progress, 4);
    const bool intercepted = judge_interceptor();
    for (const ChainFault fault : seen_->tls->faults) {
        const bool of_issuer = fault == ChainFault::untrusted_issuer || fault == ChainFault::self_signed ||
                               fault == ChainFault::incomplete_chain;
        if (intercepted && of_issuer) continue;
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
        if (draft.cause == Cause::tls_weak) {
            draft.variant = "refused-today";
            draft.evidence.push_back(tls_evidence(*seen_));
        }
        error(std::move(draft));
    }
    if (!seen_->tls->revocation_because.empty())
        result_.not_tested.push_back(
            {.what = "whether the certificate of " + setting_.host.text() + " was revoked",
             .because = seen_->tls->revocation_because});
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

bool Judge::judge_interceptor() {
    const knowledge::InterceptorRecord* found = nullptr;
    const CertificateFacts* issued = nullptr;
    for (const CertificateFacts& certificate : seen_->tls->chain) {
        found = knowledge::interceptor(pack_, certificate.issuer, certificate.issuer_organization);
        issued = &certificate;
        if (found != nullptr) break;
    }
    if (found == nullptr) return false;
    const bool network = pack_.text(found->kind) == "firewall";
    Draft draft =
        about(network ? Cause::net_intercepted : Cause::client_security_software, "certificate-issuer");
    // Trusted here, the product does what it shall; untrusted, it stands in the way.
    draft.severity = seen_->tls->verified ? Severity::info : Severity::error;
    draft.variant = "issuer-known";
    if (pack_.text(found->checked) == "never") draft.confidence = Confidence::likely;
    draft.values["product"] = pack_.text(found->name);
    draft.values["issuer"] = issued->issuer;
    draft.evidence.push_back(certificate_evidence(*seen_));
    error(std::move(draft));
    return true;
}

void Judge::judge_masked() {
    const MailFacts& mail = *seen_->mail;
    Draft draft = about(Cause::net_intercepted, "masked-banner");
    draft.variant = "masked";
    draft.evidence.push_back(reply_evidence(*seen_, mail.greeting));
    for (const std::string& capability : mail.capabilities_before)
        if (is_masked_word(capability)) draft.evidence.push_back(reply_evidence(*seen_, capability));
    draft.confidence = draft.evidence.size() > 1 ? Confidence::certain : Confidence::likely;
    if (encrypted(*seen_)) draft.severity = Severity::warning;
    result_.drafts.push_back(std::move(draft));
}

void Judge::note_stripping() {
    for (const Observation& other : picture_.all()) {
        const bool same_server = is_dialog(other) && &other != seen_ &&
                                 other.subject.host == seen_->subject.host &&
                                 other.subject.protocol == seen_->subject.protocol && other.mail &&
                                 other.subject.security != Security::tls;
        if (!same_server || !other.mail->starttls_offered) continue;
        Draft draft = about(Cause::net_intercepted, "starttls-elsewhere");
        draft.severity = Severity::info;
        draft.confidence = Confidence::possible;
        draft.variant = "stripped";
        const auto where = [](const Observation& o) {
            return o.subject.address ? " (" + o.subject.address->text() + ")" : std::string();
        };
        draft.evidence.push_back(
            {.kind = "reply", .text = place(seen_->subject) + where(*seen_) + " offers no STARTTLS"});
        draft.evidence.push_back(
            {.kind = "reply", .text = place(other.subject) + where(other) + " offers it"});
        draft.observations.push_back(other.id);
        result_.drafts.push_back(std::move(draft));
        return;
    }
}

void Judge::judge_missing_starttls() {
    const MailFacts& mail = *seen_->mail;
    if (is_masked(mail)) return judge_masked();
    Draft draft = about(Cause::tls_not_offered, "no-starttls");
    draft.evidence.push_back(
        {.kind = "reply", .text = place(seen_->subject) + " offers: " + offers(mail.capabilities_before)});
    error(std::move(draft));
    note_stripping();
}

void Judge::judge_parameters() {
    const bool said =
        std::ranges::any_of(result_.drafts, [](const Draft& d) { return d.cause == Cause::tls_weak; });
    if (!seen_->tls->weak || said) return;
    Draft draft = about(Cause::tls_weak, "weak-parameters");
    draft.detail = seen_->tls->weak_reason;
    draft.variant = "refused-today";
    draft.evidence.push_back(tls_evidence(*seen_));
    error(std::move(draft));
}

void Judge::judge_starttls() {
    const MailFacts& mail = *seen_->mail;
    if (!mail.injected.empty()) note_injection();
    if (!encrypted(*seen_)) {
        if (seen_->failure && seen_->failure->kind == FailureKind::cancelled)
            return not_tested("the check was stopped");
        if (!mail.starttls_offered && !mail.starttls_accepted) {
            if (!mail.capabilities_known && seen_->failure) return judge_broken_off();
            return judge_missing_starttls();
        }
        if (!mail.starttls_accepted) {
            const bool cut = seen_->failure && (seen_->failure->kind == FailureKind::reset ||
                                                seen_->failure->kind == FailureKind::peer_closed ||
                                                seen_->failure->kind == FailureKind::timed_out ||
                                                seen_->failure->kind == FailureKind::out_of_time);
            if (cut) return judge_broken_off();
            // Something behind the server is out of order, and it does not speak of TLS.
            constexpr int for_now = 4, hundred = 100;
            if (mail.refusal_code / hundred == for_now && !upper_case(mail.refusal).contains("TLS"))
                return judge_refusal();
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
    if (is_masked(mail)) judge_masked();
    judge_certificate();
    judge_parameters();
    if (seen_->failure) judge_broken_off();
}

void Judge::note_injection() {
    Draft draft = about(Cause::tls_plaintext_injection, "octets-before-handshake");
    draft.severity = Severity::warning;
    draft.actor = Actor::operator_;
    draft.evidence.push_back({.kind = "transcript",
                              .text = place(seen_->subject) +
                                      " sent between STARTTLS and the handshake: " + seen_->mail->injected});
    result_.drafts.push_back(std::move(draft));
}

}  // namespace maildoctor::diagnose
