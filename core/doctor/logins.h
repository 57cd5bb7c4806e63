// The logins of one run: where, with which user name, and how often. For check.cpp.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/async/task.h"
#include "core/diagnose/diagnose.h"
#include "core/doctor/credentials.h"
#include "core/knowledge/pack.h"
#include "core/model/report.h"
#include "core/plan/login_target.h"
#include "core/probe/context.h"
#include "core/probe/send.h"

namespace maildoctor::doctor {

/// How many refused logins the account can bear: one count over all servers and protocols of a run, because a
/// provider counts them together.
class LoginBudget {
public:
    explicit LoginBudget(int refusals_allowed) noexcept : allowed_(refusals_allowed) {}

    bool left() const noexcept { return refused_ < allowed_ && stopped_.empty(); }
    void count_refusal() noexcept { ++refused_; }
    /// No login any more: the server said "locked" or "too many".
    void stop(std::string words) { stopped_ = std::move(words); }
    int allowed() const noexcept { return allowed_; }
    int refused() const noexcept { return refused_; }
    /// Why nothing is left, in words for the report.
    std::string why_none() const;

private:
    int allowed_, refused_{0};
    std::string stopped_{};
};

/// Logs in for one role after the other. Every login is one connection.
class Logins {
public:
    using Keep = std::function<void(Observation)>;

    Logins(probe::ContextPtr context, knowledge::Pack pack, Credentials credentials,
           std::optional<EmailAddress> email);

    bool wanted(Role role) const noexcept { return credential_for(role) != nullptr; }
    bool allows_insecure() const noexcept { return credentials_.allow_insecure; }
    /// Tries the user name forms at the target, one login at a time, as long as the budget lasts; each goes
    /// to `keep`.
    Task<void> log_in(plan::LoginTarget target, Keep keep);
    void skip(Role role, std::string because);
    /// How the login for a role succeeded, to log in the same way once more; nothing when it did not.
    std::optional<probe::LoginAt> proven(Role role) const;
    /// What the diagnosis needs to know beside the observations.
    diagnose::LoginCase summary() const;

private:
    enum class Next : std::uint8_t { done, another_form, another_method, give_up };
    /// One login to try.
    struct Attempt {
        std::string user{};
        std::shared_ptr<const Secret> secret{};
        bool is_token{false};
        std::vector<std::string> except{};  ///< methods that the server offered and did not take
    };
    const Credential* credential_for(Role role) const noexcept;
    bool is_of_account(const Credential& credential) const noexcept {
        return credentials_.account && &credential == &*credentials_.account;
    }
    std::vector<Attempt> attempts_for(const Credential& credential) const;
    std::optional<std::string> why_not(const Credential& credential) const;
    std::vector<std::string> methods_for(Protocol protocol) const;
    probe::LoginAt login_at(const plan::LoginTarget& target, const Attempt& attempt) const;
    Task<Observation> try_one(const plan::LoginTarget& target, const Attempt& attempt) const;
    Next take_note(const Observation& seen, const Credential& credential, const Attempt& attempt);
    Task<bool> pause(Role role, const Observation& seen);

    probe::ContextPtr context_;
    knowledge::Pack pack_;
    Credentials credentials_;
    std::optional<EmailAddress> email_;
    LoginBudget budget_;
    std::string proven_user_{};  ///< that the account's credential worked with
    bool token_refused_{false};  ///< the account's token; its password may do
    std::vector<std::pair<Role, probe::LoginAt>> proven_{};
    std::string refused_at_{};  ///< the server that refused the account's credential
    std::string unsure_at_{};   ///< the server that could not check it for the moment
    std::vector<diagnose::SkippedLogin> skipped_{};
};

}  // namespace maildoctor::doctor
