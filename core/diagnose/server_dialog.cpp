#include <fmt/format.h>

#include <algorithm>

#include "core/diagnose/evidence.h"
#include "core/diagnose/refusal.h"
#include "core/diagnose/relay.h"
#include "core/diagnose/server_judge.h"
#include "core/model/dialog.h"

namespace maildoctor::diagnose {
namespace {

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

}  // namespace

Service service_of(Protocol protocol) noexcept {
    return protocol == Protocol::smtp   ? Service::smtp
           : protocol == Protocol::pop3 ? Service::pop3
                                        : Service::imap;
}

std::string offers(const std::vector<std::string>& capabilities) {
    std::string text;
    for (const std::string& capability : capabilities)
        text += (text.empty() ? "" : ", ") + capability;
    return text.empty() ? "nothing" : text;
}

void Judge::judge_greeting() {
    if (greeted(*seen_)) {
        result_.progress = std::max(result_.progress, 4);
        if (seen_->failure) return judge_broken_off();
        return judge_login_offer();
    }
    judge_bad_greeting();
}

void Judge::judge_no_greeting() {
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

void Judge::judge_bad_greeting() {
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
        draft.evidence.push_back(connect_words("the connection was made and then closed without a greeting"));
        error(std::move(draft));
        return;
    }
    const bool other_kind = mail.service != Service::unknown && mail.service != service_of(setting_.protocol);
    if (other_kind) return wrong_service(mail.service, mail.greeting, Confidence::certain);
    wrong_service(Service::unknown, mail.greeting, Confidence::likely);
}

void Judge::wrong_service(Service found, const std::string& words, Confidence confidence) {
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

void Judge::judge_refusal() {
    const RefusalCause refusal = refusal_cause(
        *seen_, pack_,
        setting_.protocol == Protocol::smtp ? Cause::smtp_service_unavailable : Cause::mailbox_server_error);
    if (means_not_now(refusal.cause))
        return not_tested("the server turns connections away for the moment: " + seen_->mail->refusal);
    Draft draft = about(refusal.cause, refusal.rule);
    draft.confidence = refusal.confidence;
    // Said before any login was tried: none with name and password is taken here.
    if (refusal.cause == Cause::auth_mechanism_unsupported) draft.variant = "none-offered";
    draft.evidence.push_back(reply_evidence(*seen_, seen_->mail->refusal));
    error(std::move(draft));
}

void Judge::judge_broken_off() {
    const FailureKind kind = seen_->failure->kind;
    if (kind == FailureKind::timed_out || kind == FailureKind::out_of_time)
        return not_tested("the server stopped answering in the middle of the dialog");
    if (kind == FailureKind::rejected || !seen_->mail->refusal.empty()) return judge_refusal();
    Draft draft = about(
        kind == FailureKind::bad_syntax || kind == FailureKind::too_large
            ? (setting_.protocol == Protocol::smtp ? Cause::smtp_protocol_error : Cause::mailbox_server_error)
            : Cause::net_dropped,
        "broken-off");
    draft.confidence = Confidence::likely;
    draft.evidence.push_back(connect_words("the dialog broke off: " + seen_->failure->text));
    error(std::move(draft));
}

void Judge::judge_plain() {
    const MailFacts& mail = *seen_->mail;
    if (seen_->failure && seen_->failure->stage == Stage::capabilities) return judge_broken_off();
    if (!plain_login_offered(*seen_) && (mail.starttls_offered || mail.login_disabled_plain)) {
        Draft draft = about(Cause::tls_required, "login-after-tls-only");
        draft.values["security"] = mail.starttls_offered ? "STARTTLS" : "SSL/TLS";
        draft.evidence.push_back({.kind = "reply",
                                  .text = place(seen_->subject) + " without encryption offers no login: " +
                                          offers(mail.capabilities_before)});
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

const Observation* Judge::login_at_another_port() const {
    const auto found = std::ranges::find_if(picture_.all(), [this](const Observation& other) {
        return is_dialog(other) && other.subject.host == seen_->subject.host &&
               other.subject.protocol == setting_.protocol && other.subject.port != seen_->subject.port &&
               encrypted(other) && other.tls->verified && other.mail && !other.mail->auth_mechanisms.empty();
    });
    return found == picture_.all().end() ? nullptr : &*found;
}

void Judge::judge_login_offer() {
    const MailFacts& mail = *seen_->mail;
    const bool secured = setting_.security != Security::none;
    if (!secured || !mail.capabilities_known || !encrypted(*seen_)) return;
    if (seen_->failure || !mail.auth_mechanisms.empty()) return;
    if (judge_port_without_login()) return;
    const bool submission = setting_.port.number() == 587 || setting_.port.number() == 465;
    if (setting_.protocol == Protocol::smtp ? typed_ && submission : mail.login_disabled) {
        Draft draft = about(Cause::auth_mechanism_unsupported, "no-login-offered");
        draft.confidence = Confidence::likely;
        draft.variant = "none-offered";
        // Some networks let their own computers send without a login.
        if (setting_.protocol == Protocol::smtp) draft.severity = Severity::warning;
        draft.evidence.push_back(
            {.kind = "reply",
             .text = place(seen_->subject) + " offers no way to log in: " + offers(mail.capabilities_after)});
        error(std::move(draft));
    }
}

bool Judge::judge_port_without_login() {
    if (!typed_ || setting_.protocol != Protocol::smtp) return false;
    const Observation* other = login_at_another_port();
    const auto turned_down = std::ranges::find_if(picture_.all(), [this](const Observation& seen) {
        return seen.relay && seen.subject.host == seen_->subject.host &&
               seen.subject.port == seen_->subject.port && wants_login_or_refuses(*seen.relay);
    });
    if (other == nullptr || turned_down == picture_.all().end()) return false;
    Draft draft = about(Cause::auth_mechanism_unsupported, "no-login-no-relay");
    draft.variant = "other-port";
    draft.values["other_port"] = std::to_string(other->subject.port->number());
    draft.evidence.push_back({.kind = "reply",
                              .text = place(seen_->subject) + " offers no way to log in: " +
                                      offers(seen_->mail->capabilities_after)});
    const RelayTrial& trial = turned_down->relay->trials.back();
    draft.evidence.push_back(
        {.kind = "reply",
         .text = place(seen_->subject) + " to a recipient elsewhere, without a login: " + trial.reply});
    draft.evidence.push_back(
        {.kind = "reply",
         .text = place(other->subject) + " offers logins: " + offers(other->mail->auth_mechanisms)});
    draft.observations.push_back(turned_down->id);
    draft.observations.push_back(other->id);
    error(std::move(draft));
    return true;
}

}  // namespace maildoctor::diagnose
