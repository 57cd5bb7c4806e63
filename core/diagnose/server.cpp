#include "core/diagnose/server.h"

#include <algorithm>

#include "core/diagnose/evidence.h"
#include "core/diagnose/hosts.h"
#include "core/diagnose/server_judge.h"
#include "core/model/dialog.h"
#include "core/model/words.h"

namespace maildoctor::diagnose {

Draft draft_about(Cause cause, const Observation& seen, std::string rule) {
    return {.cause = cause, .subject = seen.subject, .observations = {seen.id}, .rule = std::move(rule)};
}

Judgement Judge::judge() {
    const std::string& host = setting_.host.text();
    if (!picture_.host(host).has_address()) {
        if (auto fault = host_fault(picture_, host)) {
            result_.tested = true;
            // Another server can stand in for one that does not exist; where DNS itself fails there is no
            // telling that the settings are wrong.
            if (fault->cause == Cause::dns_host_not_found) fault->subject.role = role_of(setting_.protocol);
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
    } else {
        note_hosts_file();
    }
    return std::move(result_);
}

Judgement Judge::judge_only(const Observation& dialog) {
    seen_ = &dialog;
    result_.tested = true;
    judge_dialog();
    return std::move(result_);
}

void Judge::judge_dialog() {
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

Draft& Judge::error(Draft draft) {
    result_.drafts.push_back(std::move(draft));
    return result_.drafts.back();
}

Draft Judge::about(Cause cause, std::string rule) const {
    Draft draft = draft_about(cause, *seen_, std::move(rule));
    draft.subject.security = setting_.security;
    draft.subject.role = role_of(setting_.protocol);
    return draft;
}

void Judge::not_tested(std::string because) {
    result_.tested = false;
    result_.not_tested.push_back({.what = place(seen_->subject), .because = std::move(because)});
}

Evidence Judge::connect_words(std::string words) const {
    return {.kind = "connect", .text = place(seen_->subject) + ": " + std::move(words)};
}

void Judge::judge_connect() {
    const FailureKind kind = seen_->failure ? seen_->failure->kind : FailureKind::cancelled;
    switch (kind) {
        case FailureKind::refused:
            name_odd_port(error(about(Cause::net_refused, "connect-refused")));
            break;
        case FailureKind::timed_out: {
            Draft& draft = error(about(Cause::net_timeout, "connect-silent"));
            draft.one_port = picture_.other_port_that_answers(setting_.host.text(), setting_.port) != nullptr;
            if (draft.one_port) draft.variant = "one-port";
            if (setting_.port.number() == 25) draft.variant = "port-25";
            name_odd_port(draft);
            break;
        }
        case FailureKind::unreachable:
            name_missing_route(error(about(Cause::net_unreachable, "connect-no-route")));
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

void Judge::name_odd_port(Draft& draft) const {
    if (custom_of(setting_.port)) return;
    draft.variant = "odd-port";
    draft.actor = Actor::user;
}

void Judge::name_missing_route(Draft& draft) const {
    const bool elsewhere = std::ranges::any_of(picture_.all(), [&](const Observation& o) {
        return is_dialog(o) && connected(o) && o.subject.host != setting_.host.text();
    });
    if (!elsewhere) return;
    const bool v6_only =
        !seen_->connects.empty() &&
        std::ranges::all_of(seen_->connects, [](const ConnectAttempt& a) { return a.address.is_v6(); });
    draft.variant = v6_only ? "ipv6-only" : "one-host";
}

void Judge::note_hosts_file() {
    const std::string& host = setting_.host.text();
    if (!picture_.host(host).from_hosts_file()) return;
    for (Draft& draft : result_.drafts) {
        if (draft.severity == Severity::error)
            draft.evidence.push_back(
                {.kind = "dns",
                 .text = host +
                         ": the address comes from this computer's hosts file, not from DNS; it may be "
                         "out of date"});
    }
}

void Judge::note_dead_addresses() {
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

void Judge::note_odd_addresses() {
    for (const Observation* dialog : picture_.dialogs_by_address(setting_)) {
        Judgement own = Judge(picture_, setting_, pack_, now_, typed_).judge_only(*dialog);
        for (Draft& draft : own.drafts) {
            if (draft.rule == "starttls-elsewhere") {
                result_.drafts.push_back(std::move(draft));
                continue;
            }
            if (draft.severity != Severity::error) continue;
            // A program takes one address and does not try the next after a bad certificate: sometimes it
            // fails.
            draft.confidence = std::max(draft.confidence, Confidence::likely);
            draft.subject.address = dialog->subject.address;
            draft.actor = Actor::operator_;
            draft.settings_work = true;
            if (dialog->subject.address)
                draft.evidence.push_back({.kind = "connect",
                                          .text = place(dialog->subject) + ": only at the address " +
                                                  dialog->subject.address->text()});
            result_.drafts.push_back(std::move(draft));
        }
    }
}

Judgement judge_server(const Picture& picture, const ServerSetting& setting, const knowledge::Pack& pack,
                       std::int64_t now, bool typed) {
    return Judge(picture, setting, pack, now, typed).judge();
}

}  // namespace maildoctor::diagnose
