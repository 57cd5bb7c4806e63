#include "core/diagnose/role.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "core/diagnose/candidates.h"
#include "core/diagnose/mail_policy.h"
#include "core/diagnose/server.h"
#include "core/model/server_url.h"
#include "core/names/names.h"

namespace maildoctor::diagnose {
namespace {

struct Candidate {
    ServerSetting setting;
    Judgement judgement;
    bool met{true};  ///< its server could be asked; else its name leads nowhere
};

bool is_document(const std::string& source) {
    return source == "autoconfig" || source == "autodiscover" || source == "pacc";
}

/// Does the judging of one role.
class RoleJudge {
public:
    RoleJudge(Role role, const Case& seen, const Picture& picture, const knowledge::Pack& pack)
        : role_(role), case_(seen), picture_(picture), pack_(pack) {}

    RoleJudgement judge() {
        const std::optional<ServerSetting>& typed =
            role_ == Role::incoming ? case_.request.incoming : case_.request.outgoing;
        if (!typed && case_.request.only_typed) return std::move(result_);
        std::vector<ServerSetting>& works = result_.settings;
        std::vector<Candidate> all = judge_candidates();
        for (const Candidate& candidate : all) {
            if (!candidate.judgement.works) continue;
            ServerSetting setting = candidate.setting;
            setting.works = true;
            works.push_back(std::move(setting));
        }
        std::ranges::sort(works, {}, preference);
        const bool served = !works.empty();
        leave_out_exchangers(works, typed.has_value());
        if (typed) {
            judge_typed(*typed, works);
        } else {
            judge_found(std::move(all), served);
        }
        return std::move(result_);
    }

private:
    void take(Judgement judgement, bool errors) {
        for (Draft& draft : judgement.drafts) {
            if (errors || draft.severity != Severity::error) result_.drafts.push_back(std::move(draft));
        }
        for (NotTested& item : judgement.not_tested)
            result_.not_tested.push_back(std::move(item));
    }

    /// An exchanger of another operator that also takes programs may be one where the user has no account: it
    /// is named only when nothing else is known.
    void leave_out_exchangers(std::vector<ServerSetting>& works, bool typed) const {
        const auto foreign = [this](const ServerSetting& setting) {
            return setting.source == "mx-host" && case_.request.email &&
                   names::registered_domain(setting.host) !=
                       names::registered_domain(case_.request.email->domain);
        };
        if (typed || !std::ranges::all_of(works, foreign)) std::erase_if(works, foreign);
    }

    std::vector<Candidate> judge_candidates() const {
        std::vector<Candidate> all;
        std::vector<ServerSetting> settings = candidates(picture_, role_);
        const std::size_t met = settings.size();
        for (ServerSetting& lost : published_without_dialog(case_.sources, role_, settings))
            settings.push_back(std::move(lost));
        for (ServerSetting& setting : settings) {
            Judgement judgement = judge_server(picture_, setting, pack_, case_.now, false);
            all.push_back(
                {.setting = std::move(setting), .judgement = std::move(judgement), .met = all.size() < met});
        }
        add_published_without_tls(all);
        return all;
    }

    /// A document may say that a server is used without encryption. Programs do as they are told: where that
    /// server takes logins under TLS alone they fail, although STARTTLS would work.
    void add_published_without_tls(std::vector<Candidate>& all) const {
        for (const SourceAnswer& source : case_.sources) {
            if (!is_document(source.source) || source.outcome != SourceAnswer::Outcome::settings) continue;
            const Settings& settings = source.document.settings;
            for (ServerSetting setting : role_ == Role::incoming ? settings.incoming : settings.outgoing) {
                if (setting.security != Security::none) continue;
                setting.source = source.source;
                Judgement judgement = judge_server(picture_, setting, pack_, case_.now, false);
                const bool refused = std::ranges::any_of(
                    judgement.drafts, [](const Draft& draft) { return draft.cause == Cause::tls_required; });
                if (!refused) continue;
                for (Candidate& other : all) {
                    if (other.setting.host == setting.host && other.setting.port == setting.port &&
                        is_document(other.setting.source))
                        other.setting.source = "guess";  // not what is published there
                }
                all.push_back({.setting = std::move(setting), .judgement = std::move(judgement)});
            }
        }
    }

    void judge_typed(const ServerSetting& typed, std::vector<ServerSetting>& works) {
        Judgement judgement = judge_server(picture_, typed, pack_, case_.now, true);
        (judgement.tested ? result_.answered : result_.unanswered) += 1;
        if (!judgement.tested && judgement.not_tested.empty())
            judgement.not_tested.push_back({.what = server_url(typed), .because = why_untested(case_)});
        if (judgement.works) {
            ServerSetting setting = typed;
            setting.works = true;
            if (const Observation* seen = picture_.dialog(typed); seen != nullptr && seen->mail)
                setting.auth = seen->mail->auth_mechanisms;
            std::erase_if(works, [&](const ServerSetting& s) {
                return s.host == typed.host && s.port == typed.port && s.protocol == typed.protocol &&
                       s.security == typed.security;
            });
            works.insert(works.begin(), std::move(setting));
            result_.works = true;
        }
        take(std::move(judgement), true);
        take(judge_server_dane(picture_, typed), true);
    }

    /// Nothing was typed for this role: what the domain's own servers show.
    void judge_found(std::vector<Candidate> all, bool served) {
        if (served) {
            result_.works = true;
            ++result_.answered;
            if (take_broken_document(all)) return;
            // What works decides; a published server that does not is still worth a warning.
            for (Candidate& candidate : all) {
                if (candidate.judgement.works) {
                    take(std::move(candidate.judgement), false);
                } else if (candidate.setting.source == "srv" ||
                           (!candidate.met && is_document(candidate.setting.source))) {
                    for (Draft& draft : candidate.judgement.drafts)
                        draft.severity = std::max(draft.severity, Severity::warning);
                    take(std::move(candidate.judgement), false);
                }
            }
            return;
        }
        // None works: the one that came nearest to it tells what is wrong.
        const auto best = std::ranges::min_element(all, {}, [](const Candidate& c) {
            return std::tuple(-c.judgement.progress, c.judgement.tested ? 0 : 1,
                              source_rank(c.setting.source), preference(c.setting));
        });
        if (best == all.end() || best->judgement.progress < 2) return judge_nothing_found(all);
        (best->judgement.tested ? result_.answered : result_.unanswered) += 1;
        take(std::move(best->judgement), true);
    }

    /// Programs take what a document names, even where another server would work: when none of it does, that
    /// is what the user meets.
    bool take_broken_document(std::vector<Candidate>& all) {
        const auto published_works = [&](const Candidate& candidate) {
            return candidate.judgement.works && is_published(candidate.setting.source);
        };
        if (std::ranges::any_of(all, published_works)) return false;
        const auto broken = std::ranges::find_if(all, [&](const Candidate& candidate) {
            return is_document(candidate.setting.source) &&
                   std::ranges::any_of(candidate.judgement.drafts,
                                       [](const Draft& d) { return d.severity == Severity::error; });
        });
        if (broken == all.end()) return false;
        take(std::move(broken->judgement), true);
        return true;
    }

    void judge_nothing_found(std::vector<Candidate>& all) {
        const std::string what = role_ == Role::incoming ? "receiving" : "sending";
        // Published servers that cannot be reached are the user's problem; guessed names that do not answer
        // are not.
        for (Candidate& candidate : all) {
            if (!is_published(candidate.setting.source)) continue;
            ++result_.answered;
            return take(std::move(candidate.judgement), true);
        }
        // All guessed names lead to a server that answers on no port of the role: that is what the user will
        // meet.
        for (Candidate& candidate : all) {
            const bool mail_host = candidate.setting.source == "guess" && !candidate.judgement.drafts.empty();
            if (!mail_host) continue;
            ++result_.answered;
            return take(std::move(candidate.judgement), true);
        }
        ++result_.unanswered;
        result_.not_tested.push_back(
            {.what = what,
             .because =
                 all.empty()
                     ? "no server for it was found: type the server from your provider's instructions (" +
                           std::string(role_ == Role::incoming ? "--incoming" : "--outgoing") + ")"
                     : "none of the usual ports answered"});
    }

    Role role_;
    const Case& case_;
    const Picture& picture_;
    const knowledge::Pack& pack_;
    RoleJudgement result_{};
};

}  // namespace

RoleJudgement judge_role(Role role, const Case& seen, const Picture& picture, const knowledge::Pack& pack) {
    return RoleJudge(role, seen, picture, pack).judge();
}

std::string why_untested(const Case& seen) {
    if (seen.cancelled) return "the check was stopped";
    if (seen.out_of_time) return "the time limit ran out";
    return "nothing was seen of it";
}

}  // namespace maildoctor::diagnose
