#include "core/doctor/logins.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/async/event.h"
#include "core/diagnose/login.h"
#include "core/mail/login.h"
#include "core/mail/relay.h"
#include "core/mail/sasl_client.h"
#include "core/probe/login.h"

namespace maildoctor::doctor {
namespace {

constexpr std::chrono::seconds longest_pause{30};

/// Whose address the account should not be able to send with. Nothing is sent with it.
constexpr std::string_view somebody_else = "maildoctor-somebody-else";

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

probe::LoginAt Logins::login_at(const plan::LoginTarget& target, const Attempt& attempt) const {
    const ServerSetting& setting = target.setting;
    std::vector<std::shared_ptr<const Secret>> others;
    for (const auto* credential : {&credentials_.account, &credentials_.outgoing}) {
        if (!*credential) continue;
        for (const auto& secret : {(*credential)->password, (*credential)->token}) {
            if (secret && secret != attempt.secret) others.push_back(secret);
        }
    }
    return {.question = {.host = setting.host,
                         .addresses = {target.address},
                         .port = setting.port,
                         .protocol = setting.protocol,
                         .start = setting.security,
                         .role = role_of(setting.protocol),
                         .source = setting.source},
            .login = {.user = attempt.user,
                      .secret = attempt.secret,
                      .secret_is_token = attempt.is_token,
                      .host = setting.host,
                      .port = setting.port,
                      .mechanisms = methods_for(setting.protocol),
                      .except = attempt.except,
                      .never_shown = std::move(others),
                      .allow_unprotected = credentials_.allow_insecure}};
}

/// APOP is POP3's alone: the program that is set to it sends mail in the usual way.
std::vector<std::string> Logins::methods_for(Protocol protocol) const {
    const auto& wished = credentials_.mechanisms;
    const bool elsewhere = wished.size() == 1 && wished.front() == "APOP" && protocol != Protocol::pop3;
    return elsewhere ? std::vector<std::string>{} : wished;
}

Task<Observation> Logins::try_one(const plan::LoginTarget& target, const Attempt& attempt) const {
    probe::LoginAt at = login_at(target, attempt);
    if (email_ && at.question.role == Role::outgoing) {
        at.login.address = email_->text();
        at.login.other_sender = std::string(somebody_else) + "@" + email_->domain.text();
        at.login.foreign_recipient = mail::RelayPlan{}.recipient;
    }
    return probe::port_login(context_, std::move(at.question), std::move(at.login));
}

std::optional<probe::LoginAt> Logins::proven(Role role) const {
    const auto found = std::ranges::find(proven_, role, &std::pair<Role, probe::LoginAt>::first);
    return found == proven_.end() ? std::nullopt : std::optional(found->second);
}

/// The token first, as mail programs do; then the password with each form of the user name.
std::vector<Logins::Attempt> Logins::attempts_for(const Credential& credential) const {
    const bool of_account = is_of_account(credential);
    std::vector<std::string> forms = plan::user_forms(credential.user, email_);
    if (of_account && !proven_user_.empty()) forms = {proven_user_};
    std::vector<Attempt> attempts;
    if (forms.empty()) return attempts;
    const auto allowed = [this](bool token) {
        return credentials_.mechanisms.empty() || mail::takes_token(credentials_.mechanisms.front()) == token;
    };
    if (credential.token && allowed(true) && !(of_account && token_refused_))
        attempts.push_back({.user = forms.front(), .secret = credential.token, .is_token = true});
    if (credential.password && allowed(false)) {
        for (std::string& user : forms)
            attempts.push_back({.user = std::move(user), .secret = credential.password});
    }
    return attempts;
}

Logins::Next Logins::take_note(const Observation& seen, const Credential& credential,
                               const Attempt& attempt) {
    if (!seen.login) return Next::give_up;
    const LoginFacts& login = *seen.login;
    const bool of_account = is_of_account(credential);
    const bool password_left = attempt.is_token && credential.password != nullptr;
    if (login.outcome == LoginOutcome::accepted) {
        if (of_account) {
            proven_user_ = login.user;
            refused_at_.clear();
        }
        return Next::done;
    }
    if (login.outcome == LoginOutcome::no_mechanism && password_left) return Next::another_form;
    if (login.outcome == LoginOutcome::unavailable && of_account) unsure_at_ = *seen.subject.host;
    const bool refused = login.outcome == LoginOutcome::refused && login.secret_sent;
    if (refused) budget_.count_refusal();
    if (login.refusal.empty()) return Next::give_up;
    const Cause cause = diagnose::login_cause(seen, pack_).cause;
    if (forbids_more(cause)) budget_.stop(login.refusal);
    if (!refused) return Next::give_up;
    // Some POP3 servers offer USER whatever they take (RFC 1939 has no way to say no).
    if (cause == Cause::auth_mechanism_unsupported && credentials_.mechanisms.empty())
        return Next::another_method;
    if (of_account && attempt.is_token) token_refused_ = true;
    if (of_account) refused_at_ = *seen.subject.host;
    return password_left || cause == Cause::auth_bad_credentials ? Next::another_form : Next::give_up;
}

/// Why the account's credential should not be tried at one more server; nothing when it may.
std::optional<std::string> Logins::why_not(const Credential& credential) const {
    if (!is_of_account(credential) || credentials_.each_side) return std::nullopt;
    if (!refused_at_.empty())
        return refused_at_ +
               " refused the same name and password (or token), and every further try may lock the account "
               "(--login-each-side tries it)";
    if (!unsure_at_.empty())
        return unsure_at_ +
               " could not check the password for the moment, so that a refusal would prove nothing";
    return std::nullopt;
}

/// Waits as long as the server asks before the next login. @return false when that is too long for this run
Task<bool> Logins::pause(Role role, const Observation& seen) {
    if (!seen.login || !seen.login->pause) co_return true;
    const auto until = Clock::now() + *seen.login->pause;
    if (*seen.login->pause <= longest_pause && until < context_->deadline.at())
        co_return co_await async::sleep_until(until);
    skip(role, "another form of the user name was not tried: " + *seen.subject.host +
                   " asks for a pause of " + std::to_string(seen.login->pause->count()) +
                   " seconds between two logins");
    co_return false;
}

Task<void> Logins::log_in(plan::LoginTarget target, Keep keep) {
    const Role role = role_of(target.setting.protocol);
    const Credential& credential = *credential_for(role);
    if (auto because = why_not(credential)) {
        skip(role, std::move(*because));
        co_return;
    }
    std::vector<Attempt> attempts = attempts_for(credential);
    if (attempts.empty())
        skip(role, plan::user_forms(credential.user, email_).empty()
                       ? "no user name is known: give one with --user"
                       : "the token was refused, and there is no password");
    for (std::size_t i = 0; i < attempts.size(); ++i) {
        if (!budget_.left() || context_->deadline.passed()) {
            if (i == 0) skip(role, budget_.left() ? "the time limit ran out" : budget_.why_none());
            break;
        }
        const Attempt attempt = attempts[i];
        Observation seen = co_await try_one(target, attempt);
        const Next next = take_note(seen, credential, attempt);
        if (next == Next::another_method && attempt.except.empty() && budget_.left()) {
            Attempt other = attempt;
            other.except.push_back(seen.login->mechanism);
            keep(std::move(seen));
            attempts.insert(attempts.begin() + static_cast<std::ptrdiff_t>(i) + 1, std::move(other));
            continue;
        }
        if (next == Next::done) proven_.emplace_back(role, login_at(target, attempt));
        const bool go_on = next == Next::another_form && i + 1 < attempts.size() && budget_.left() &&
                           co_await pause(role, seen);
        keep(std::move(seen));
        if (!go_on) break;
    }
}

}  // namespace maildoctor::doctor
