#include "core/diagnose/login.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/diagnose/evidence.h"
#include "core/explain/explain.h"
#include "core/model/dialog.h"

namespace maildoctor::diagnose {
namespace {

using State = LoginJudgement::State;

std::string protocol_word(const Subject& subject) {
    switch (subject.protocol.value_or(Protocol::smtp)) {
        case Protocol::imap:
            return "IMAP";
        case Protocol::pop3:
            return "POP3";
        case Protocol::smtp:
            break;
    }
    return "SMTP";
}

std::string words_of(LoginOutcome outcome) {
    switch (outcome) {
        case LoginOutcome::accepted:
            return "accepted";
        case LoginOutcome::refused:
            return "refused";
        case LoginOutcome::unavailable:
            return "not possible for the moment";
        case LoginOutcome::no_mechanism:
            return "no common login method, nothing was sent";
        case LoginOutcome::not_protected:
            return "the connection was not safe, nothing was sent";
        case LoginOutcome::broken:
            break;
    }
    return "the connection broke";
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : ", ") + word;
    return text.empty() ? "nothing" : text;
}

/// "imap.example.org port 993 (IMAP) as kim with PLAIN"
std::string attempt(const Observation& seen) {
    const LoginFacts& login = *seen.login;
    return fmt::format("{} ({}) as {}{}", place(seen.subject), protocol_word(seen.subject), login.user,
                       login.mechanism.empty() ? "" : " with " + login.mechanism);
}

std::optional<CauseCandidate> best_of(const std::string& words, const Observation& seen, explain::Stage stage,
                                      const knowledge::Pack& pack) {
    if (words.empty()) return std::nullopt;
    auto found = explain::classify_reply(
        words, {.protocol = seen.subject.protocol.value_or(Protocol::smtp), .stage = stage}, pack);
    return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

bool takes_tokens(std::string_view mechanism) {
    return mechanism == "XOAUTH2" || mechanism == "OAUTHBEARER";
}

bool is_token_login(const Observation& seen) {
    return takes_tokens(seen.login->mechanism);
}

/// Judges the logins of one role.
class Judge {
public:
    Judge(const Case& seen, const knowledge::Pack& pack) : case_(seen), pack_(pack) {}

    LoginJudgement judge(Role role) {
        std::vector<const Observation*> tries;
        for (const Observation& o : case_.observations) {
            if (o.probe == login_probe && o.subject.role == role) tries.push_back(&o);
        }
        for (const SkippedLogin& skipped : case_.login.skipped) {
            if (skipped.role != role) continue;
            result_.state = State::open;
            result_.not_tested.push_back(
                {.what = role == Role::incoming ? "login for receiving" : "login for sending",
                 .because = skipped.because});
        }
        if (tries.empty()) return std::move(result_);
        for (const Observation* seen : tries)
            note(*seen);
        const Observation& last = *tries.back();
        if (!last.login) {
            open(last, last.mail && !last.mail->refusal.empty()
                           ? "the server said: " + last.mail->refusal
                           : "no second connection came about" +
                                 (last.failure ? ": " + last.failure->text : std::string{}));
        } else if (last.login->outcome == LoginOutcome::accepted) {
            judge_accepted(tries);
        } else {
            judge_refused(tries);
        }
        return std::move(result_);
    }

private:
    void open(const Observation& seen, std::string because) {
        result_.state = State::open;
        result_.not_tested.push_back(
            {.what = "login at " + place(seen.subject), .because = std::move(because)});
    }

    void note(const Observation& seen) {
        if (!seen.login) return;
        const LoginFacts& login = *seen.login;
        std::string text = "Login at " + attempt(seen) + ": " + words_of(login.outcome);
        if (login.messages) text += fmt::format(", {} messages", *login.messages);
        result_.notes.push_back(text + ".");
        note_other_sender(seen);
        if (login.foreign_recipient && login.foreign_recipient->accepted())
            result_.notes.push_back("After the login " + place(seen.subject) +
                                    " takes recipients at other domains, as it should.");
        if (!login.secret_sent || !login.unprotected) return;
        result_.notes.push_back(
            "The password went to " + place(seen.subject) +
            (encrypted(seen)
                 ? ", whose certificate does not prove who it is: whoever answered there may have it now."
                 : " without encryption: everybody on the way could read it.") +
            " Change it if that was not meant.");
    }

    /// Whether the account may use somebody else's address: for the provider to know, no fault of the user.
    void note_other_sender(const Observation& seen) {
        const auto& other = seen.login->other_sender;
        if (!other) return;
        if (other->refused())
            result_.notes.push_back(place(seen.subject) +
                                    " does not let the account send as somebody else (" + other->address +
                                    "), as it should be: " + other->reply);
        if (!other->accepted()) return;
        Draft draft = about(Cause::smtp_sender_not_checked, seen, "other-sender-accepted");
        draft.severity = Severity::info;
        draft.confidence = Confidence::likely;  // it may still be refused when the message itself is there
        draft.evidence.push_back({.kind = "reply",
                                  .text = place(seen.subject) + " to a login as " + seen.login->user +
                                          " and MAIL FROM:<" + other->address + ">: " + other->reply});
        result_.drafts.push_back(std::move(draft));
    }

    Draft about(Cause cause, const Observation& seen, std::string rule) const {
        Draft draft = draft_about(cause, seen, std::move(rule));
        draft.settings_work = true;
        return draft;
    }

    void judge_accepted(const std::vector<const Observation*>& tries) {
        const Observation& last = *tries.back();
        result_.state = State::works;
        result_.user = last.login->user;
        const std::string& typed = case_.login.given_user;
        if (tries.size() > 1 && !typed.empty() && tries.front()->login &&
            tries.front()->login->user == typed && last.login->user != typed) {
            Draft draft = about(Cause::auth_bad_credentials, *tries.front(), "other-user-name-works");
            draft.detail = draft.variant = "user-name-form";
            draft.evidence.push_back(reply_evidence(*tries.front(), tries.front()->login->refusal));
            draft.evidence.push_back({.kind = "reply", .text = attempt(last) + ": accepted"});
            fail(std::move(draft));
        }
        judge_after(last);
    }

    /// The login worked; does what comes after it?
    void judge_after(const Observation& seen) {
        const LoginFacts& login = *seen.login;
        if (login.after_works || login.after_command.empty()) return;
        if (login.after_refusal.empty())
            return open(seen, "the login was accepted, then the connection broke" +
                                  (seen.failure ? ": " + seen.failure->text : std::string{}));
        const bool smtp = seen.subject.protocol == Protocol::smtp;
        if (smtp && login.after_code < 500)
            return open(seen, "the login was accepted, then the server said: " + login.after_refusal);
        const auto best =
            best_of(login.after_refusal, seen, smtp ? explain::Stage::sender : explain::Stage::other, pack_);
        Draft draft =
            about(best   ? best->cause
                  : smtp ? Cause::smtp_sender_rejected
                         : Cause::mailbox_server_error,
                  seen, best && !best->matched.empty() ? best->matched.front().rule : "after-login");
        draft.confidence = best ? best->confidence : Confidence::likely;
        draft.evidence.push_back({.kind = "reply",
                                  .text = place(seen.subject) + " accepts the login and says to " +
                                          login.after_command + ": " + login.after_refusal});
        fail(std::move(draft));
    }

    void judge_refused(const std::vector<const Observation*>& tries) {
        const Observation& last = *tries.back();
        switch (last.login->outcome) {
            case LoginOutcome::no_mechanism:
                return no_mechanism(last);
            case LoginOutcome::not_protected:
            case LoginOutcome::broken:
                return open(last, last.failure ? last.failure->text : words_of(last.login->outcome));
            default:
                break;
        }
        const RefusalCause refusal = login_cause(last, pack_);
        Draft draft = about(refusal.cause, last, refusal.rule);
        draft.confidence = refusal.confidence;
        if (is_token_login(last) && refusal.cause == Cause::auth_bad_credentials) draft.variant = "token";
        if (last.login->verifier_needed && refusal.cause == Cause::auth_bad_credentials)
            draft.evidence.push_back({.kind = "reply",
                                      .text = last.login->mechanism +
                                              " needs a password that the server keeps in a special form; "
                                              "where it does not, this method "
                                              "is refused whatever the password"});
        for (const Observation* seen : tries) {
            if (!seen->login || seen->login->refusal.empty()) continue;
            draft.evidence.push_back(reply_evidence(*seen, seen->login->refusal + " (to the login as " +
                                                               seen->login->user + " with " +
                                                               seen->login->mechanism + ")"));
            for (const std::string& notice : seen->login->notices)
                draft.evidence.push_back(reply_evidence(*seen, notice));
        }
        if (draft.evidence.empty()) draft.evidence.push_back(reply_evidence(last, "no to the login"));
        fail(std::move(draft));
    }

    void no_mechanism(const Observation& seen) {
        const bool tokens_instead =
            !is_token_login(seen) && std::ranges::any_of(seen.login->offered, takes_tokens);
        Draft draft = about(tokens_instead ? Cause::auth_oauth_required : Cause::auth_mechanism_unsupported,
                            seen, tokens_instead ? "tokens-only" : "no-common-mechanism");
        if (seen.login->offered.empty()) draft.confidence = Confidence::likely;
        draft.evidence.push_back(
            {.kind = "reply",
             .text = place(seen.subject) + " offers for the login: " + joined(seen.login->offered)});
        fail(std::move(draft));
    }

    void fail(Draft draft) {
        result_.state = State::fails;
        result_.drafts.push_back(std::move(draft));
    }

    const Case& case_;
    const knowledge::Pack& pack_;
    LoginJudgement result_{};
};

}  // namespace

RefusalCause login_cause(const Observation& seen, const knowledge::Pack& pack) {
    const LoginFacts& login = *seen.login;
    auto best = best_of(login.refusal, seen, explain::Stage::login, pack);
    // The reason may stand beside the refusal: IMAP [ALERT], an OAuth error document.
    for (const std::string& notice : login.notices) {
        if (best && best->cause != Cause::auth_bad_credentials) break;
        if (auto other = best_of(notice, seen, explain::Stage::login, pack);
            other && cause_id(other->cause).starts_with("auth.") &&
            (!best || other->cause != Cause::auth_bad_credentials))
            best = std::move(other);
    }
    const bool for_now = login.outcome == LoginOutcome::unavailable;
    const Cause otherwise = !for_now                                  ? Cause::auth_bad_credentials
                            : seen.subject.protocol == Protocol::smtp ? Cause::smtp_service_unavailable
                                                                      : Cause::mailbox_server_error;
    RefusalCause refusal{.cause = otherwise, .confidence = Confidence::likely, .rule = "login-refused"};
    if (best && !(for_now && best->cause == Cause::auth_bad_credentials)) {
        refusal.cause = best->cause;
        refusal.confidence = best->confidence;
        if (!best->matched.empty()) refusal.rule = best->matched.front().rule;
    }
    if (login.verifier_needed && refusal.cause == Cause::auth_bad_credentials)
        refusal.confidence = Confidence::possible;
    return refusal;
}

LoginJudgement judge_login(Role role, const Case& seen, const knowledge::Pack& pack) {
    return Judge(seen, pack).judge(role);
}

std::string login_count(const Case& seen) {
    int tried = 0, refused = 0;
    for (const Observation& o : seen.observations) {
        if (!o.login || !o.login->secret_sent) continue;
        ++tried;
        if (o.login->outcome == LoginOutcome::refused) ++refused;
    }
    if (tried == 0) return {};
    return fmt::format("Logins tried: {}, refused: {}; at most {} may be refused in one check.", tried,
                       refused, seen.login.budget);
}

}  // namespace maildoctor::diagnose
