#include "core/doctor/logins.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/diagnose/login.h"
#include "core/mail/login.h"
#include "core/probe/login.h"

namespace maildoctor::doctor {
namespace {

/// After these a further try makes things worse.
bool forbids_more(Cause cause) {
    static constexpr std::array causes = {Cause::auth_account_locked, Cause::auth_rate_limited,
                                          Cause::auth_web_login_required,
                                          Cause::mailbox_too_many_connections};
    return std::ranges::find(causes, cause) != causes.end();
}

}  // namespace

std::string LoginBudget::why_none() const {
    if (!stopped_.empty()) return "no further login was tried after the server's answer \"" + stopped_ + "\"";
    return "no further login was tried: " + std::to_string(refused_) + " of at most " +
           std::to_string(allowed_) + " were refused, and accounts get locked (--login-budget)";
}

Logins::Logins(probe::ContextPtr context, knowledge::Pack pack, Credentials credentials,
               std::optional<EmailAddress> email)
    : context_(std::move(context)),
      pack_(std::move(pack)),
      credentials_(std::move(credentials)),
      email_(std::move(email)),
      budget_(credentials_.budget) {}

const Credential* Logins::credential_for(Role role) const noexcept {
    if (role == Role::outgoing && credentials_.outgoing) return &*credentials_.outgoing;
    return credentials_.account ? &*credentials_.account : nullptr;
}

void Logins::skip(Role role, std::string because) {
    skipped_.push_back({.role = role, .because = std::move(because)});
}

diagnose::LoginCase Logins::summary() const {
    return {.budget = budget_.allowed(),
            .given_user = credentials_.account ? credentials_.account->user : std::string{},
            .skipped = skipped_};
}

Task<Observation> Logins::try_one(const plan::LoginTarget& target, const Credential& credential,
                                  std::string user) const {
    const ServerSetting& setting = target.setting;
    const Role role = role_of(setting.protocol);
    mail::LoginPlan plan{.user = std::move(user),
                         .secret = credential.secret,
                         .secret_is_token = credential.is_token,
                         .host = setting.host,
                         .port = setting.port,
                         .mechanisms = credentials_.mechanisms,
                         .allow_unprotected = credentials_.allow_insecure};
    if (email_ && role == Role::outgoing) plan.address = email_->text();
    probe::PortQuestion question{.host = setting.host,
                                 .addresses = {target.address},
                                 .port = setting.port,
                                 .protocol = setting.protocol,
                                 .start = setting.security,
                                 .role = role,
                                 .source = setting.source};
    return probe::port_login(context_, std::move(question), std::move(plan));
}

Logins::Next Logins::take_note(const Observation& seen, const Credential& credential) {
    if (!seen.login) return Next::give_up;
    const bool of_account = credentials_.account && &credential == &*credentials_.account;
    if (seen.login->outcome == LoginOutcome::accepted) {
        if (of_account) {
            proven_user_ = seen.login->user;
            refused_at_.clear();
        }
        return Next::done;
    }
    if (seen.login->outcome == LoginOutcome::unavailable && of_account) unsure_at_ = *seen.subject.host;
    const bool refused = seen.login->outcome == LoginOutcome::refused && seen.login->secret_sent;
    if (refused) budget_.count_refusal();
    if (seen.login->refusal.empty()) return Next::give_up;
    const Cause cause = diagnose::login_cause(seen, pack_).cause;
    if (forbids_more(cause)) budget_.stop(seen.login->refusal);
    if (refused && of_account) refused_at_ = *seen.subject.host;
    return refused && cause == Cause::auth_bad_credentials ? Next::another_form : Next::give_up;
}

Task<void> Logins::log_in(plan::LoginTarget target, Keep keep) {
    const Role role = role_of(target.setting.protocol);
    const Credential& credential = *credential_for(role);
    const bool of_account = credentials_.account && &credential == &*credentials_.account;
    if (of_account && !refused_at_.empty() && !credentials_.each_side) {
        skip(role, refused_at_ +
                       " refused the same name and password, and every further try may lock the account "
                       "(--login-each-side tries it)");
        co_return;
    }
    if (of_account && !unsure_at_.empty() && !credentials_.each_side) {
        skip(role, unsure_at_ +
                       " could not check the password for the moment, so that a refusal would prove nothing");
        co_return;
    }
    std::vector<std::string> forms = plan::user_forms(credential.user, email_);
    if (of_account && !proven_user_.empty()) forms = {proven_user_};
    if (credential.is_token && !forms.empty()) forms.resize(1);
    if (forms.empty()) skip(role, "no user name is known: give one with --user");
    bool tried = false;
    for (std::string& user : forms) {
        if (!budget_.left() || context_->deadline.passed()) {
            if (!tried) skip(role, budget_.left() ? "the time limit ran out" : budget_.why_none());
            break;
        }
        Observation seen = co_await try_one(target, credential, std::move(user));
        tried = true;
        const Next next = take_note(seen, credential);
        keep(std::move(seen));
        if (next != Next::another_form) break;
    }
}

}  // namespace maildoctor::doctor
