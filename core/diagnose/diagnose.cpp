#include "core/diagnose/diagnose.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "core/diagnose/blocked_port.h"
#include "core/diagnose/delivery.h"
#include "core/diagnose/evidence.h"
#include "core/diagnose/hosts.h"
#include "core/diagnose/limits.h"
#include "core/diagnose/login.h"
#include "core/diagnose/mail_policy.h"
#include "core/diagnose/other_runs.h"
#include "core/diagnose/outdated.h"
#include "core/diagnose/picture.h"
#include "core/diagnose/publishing.h"
#include "core/diagnose/ranking.h"
#include "core/diagnose/relay.h"
#include "core/diagnose/role.h"
#include "core/diagnose/send.h"
#include "core/diagnose/server.h"
#include "core/diagnose/survey.h"
#include "core/diagnose/swapped.h"
#include "core/diagnose/vantage.h"
#include "core/diagnose/wording.h"
#include "core/model/dialog.h"
#include "core/model/server_url.h"

namespace maildoctor::diagnose {
namespace {

/// Does the whole judging of one run.
class Run {
public:
    Run(const Case& seen, const knowledge::Pack& pack)
        : case_(seen), pack_(pack), picture_(seen.observations) {}

    Diagnosis diagnose() {
        if (resolver_is_dead(picture_) && !something_answered()) {
            drafts_.push_back(resolver_fault(picture_));
            result_.not_tested.push_back({.what = "the mail servers", .because = "no name can be looked up"});
        } else {
            take(judge_role(Role::incoming, case_, picture_, pack_), incoming_works_,
                 result_.settings.incoming);
            take(judge_role(Role::outgoing, case_, picture_, pack_), outgoing_works_,
                 result_.settings.outgoing);
            join_swapped_names(case_.request, result_.settings, drafts_);
            judge_logins(Role::incoming);
            judge_logins(Role::outgoing);
            judge_surveys();
            judge_domain();
            judge_test_message();
            judge_relay_tests();
            judge_other_runs();
            blame_clock(case_, picture_, drafts_);
            find_blocked_port();
            judge_stated_limits();
            for (Draft& draft : judge_sources(case_.sources))
                drafts_.push_back(std::move(draft));
        }
        conclude();
        return std::move(result_);
    }

private:
    bool something_answered() const {
        return std::ranges::any_of(case_.observations,
                                   [](const Observation& o) { return is_dialog(o) && connected(o); });
    }

    void take(Judgement judgement) {
        std::ranges::move(judgement.drafts, std::back_inserter(drafts_));
        std::ranges::move(judgement.not_tested, std::back_inserter(not_tested_));
    }

    void take(RoleJudgement role, bool& works, std::vector<ServerSetting>& settings) {
        settings = std::move(role.settings);
        works = role.works;
        answered_ += role.answered;
        unanswered_ += role.unanswered;
        std::ranges::move(role.drafts, std::back_inserter(drafts_));
        std::ranges::move(role.not_tested, std::back_inserter(not_tested_));
    }

    /// Settings are right only when the login works with them, where one was asked for.
    void judge_logins(Role role) {
        const bool incoming = role == Role::incoming;
        LoginJudgement login = judge_login(role, case_, pack_);
        if (login.state == LoginJudgement::State::open) {
            ++unanswered_;
            (incoming ? incoming_works_ : outgoing_works_) = false;
        }
        if (!login.user.empty()) {
            for (ServerSetting& setting : incoming ? result_.settings.incoming : result_.settings.outgoing)
                setting.username = login.user;
        }
        for (Draft& draft : login.drafts)
            drafts_.push_back(std::move(draft));
        for (NotTested& item : login.not_tested)
            not_tested_.push_back(std::move(item));
        for (std::string& note : login.notes)
            login_notes_.push_back(std::move(note));
    }

    void judge_test_message() {
        if (!case_.request.send_test_to) return;
        SendJudgement sent = judge_send(case_, pack_);
        for (Draft& draft : sent.drafts)
            drafts_.push_back(std::move(draft));
        if (!sent.not_tested.empty()) {
            ++unanswered_;
            outgoing_works_ = false;
        }
        for (NotTested& item : sent.not_tested)
            not_tested_.push_back(std::move(item));
        std::ranges::move(sent.notes, std::back_inserter(login_notes_));
    }

    void judge_relay_tests() {
        RelayJudgement relay = judge_relay(case_);
        for (Draft& draft : relay.drafts)
            drafts_.push_back(std::move(draft));
        for (NotTested& item : relay.not_tested)
            not_tested_.push_back(std::move(item));
        std::ranges::move(relay.notes, std::back_inserter(result_.notes));
        if (!case_.request.relay.server) return;
        answered_ += relay.settled;
        unanswered_ += relay.open;
        if (relay.settled + relay.open == 0) judge_unreached(*case_.request.relay.server);
    }

    /// STARTTLS that was there before says more than STARTTLS that is there elsewhere.
    void judge_other_runs() {
        for (Draft& vanished : judge_vanished_starttls(case_)) {
            std::erase_if(drafts_, [&](Draft& draft) {
                const bool weaker = draft.rule == "starttls-elsewhere" && draft.subject == vanished.subject;
                if (weaker) std::ranges::move(draft.evidence, std::back_inserter(vanished.evidence));
                return weaker;
            });
            drafts_.push_back(std::move(vanished));
        }
    }

    /// The server of a relay test that nobody could talk to: why, as of any server.
    void judge_unreached(ServerSetting server) {
        if (server.security != Security::tls) server.security = Security::none;
        Judgement judgement = judge_server(picture_, server, pack_, case_.now, false);
        const bool faults = !judgement.drafts.empty();
        ++(faults ? answered_ : unanswered_);
        if (!faults && judgement.not_tested.empty())
            judgement.not_tested.push_back({.what = server_url(server), .because = why_untested(case_)});
        take(std::move(judgement));
    }

    void judge_stated_limits() {
        result_.limits = stated_limits(case_, result_.settings, pack_);
        for (Draft& draft : judge_limits(result_.limits, case_))
            drafts_.push_back(std::move(draft));
    }

    void judge_surveys() {
        for (const Observation& seen : case_.observations) {
            if (!seen.survey) continue;
            for (Draft& draft : judge_survey(seen, case_.request.program))
                drafts_.push_back(std::move(draft));
            blame_old_server(seen, drafts_);
            if (!seen.survey->stopped.empty())
                not_tested_.push_back({.what = "the rest of the TLS of " + place(seen.subject),
                                       .because = seen.survey->stopped});
        }
    }

    void judge_domain() {
        if (!case_.request.email) return;
        const HostName& domain = case_.request.email->domain;
        Judgement delivery = judge_delivery(picture_, domain);
        // A domain that does not exist at all is one fault, whatever was asked of it.
        for (Draft& draft : delivery.drafts) {
            if (draft.cause != Cause::dns_host_not_found) continue;
            draft.variant = "domain";
            if (const std::string nearest = nearest_name(picture_, domain.text()); !nearest.empty()) {
                draft.values["other_server"] = nearest;
                draft.variant = "domain-typo";
            }
        }
        if (delivery.tested) ++answered_;
        take(std::move(delivery));
        take(judge_transport(picture_, domain));
    }

    void find_blocked_port() {
        const std::vector<const Observation*> silent = blocked_port_25(picture_);
        if (silent.empty()) return;
        if (!case_.request.for_someone_else) return blame_network(silent, picture_, drafts_);
        if (leave_port_25_open(drafts_, not_tested_)) ++unanswered_;
    }

    void conclude() {
        if (case_.request.for_someone_else) unanswered_ += leave_local_findings_open(drafts_, not_tested_);
        if (case_.request.email) {
            const Settings& works = result_.settings;
            if (auto draft = judge_unpublished(case_.request.email->domain, case_.sources, works.incoming,
                                               works.outgoing))
                drafts_.push_back(std::move(*draft));
        }
        std::vector<Draft> drafts = merge(std::move(drafts_));
        rank(drafts, case_.clues);
        for (const Draft& draft : drafts)
            result_.findings.push_back(worded(draft, case_, result_.settings, pack_));
        std::set<std::string> said;
        for (NotTested& item : not_tested_) {
            if (said.insert(item.what + item.because).second) result_.not_tested.push_back(std::move(item));
        }
        if (case_.out_of_time)
            result_.not_tested.push_back({.what = "everything that had not answered yet",
                                          .because = "the time limit of the check ran out (--timeout)"});
        if (case_.cancelled)
            result_.not_tested.push_back({.what = "the rest", .because = "the check was stopped"});
        note_vantage();
        const bool offline = !result_.findings.empty() && result_.findings.front().detail == "offline";
        const bool problem =
            !result_.findings.empty() && result_.findings.front().severity == Severity::error;
        if (problem) result_.findings.front().primary = true;
        if (problem && !offline) {
            result_.verdict = Verdict::problem;
        } else if (!offline &&
                   ((incoming_works_ && outgoing_works_) || (unanswered_ == 0 && answered_ > 0))) {
            result_.verdict = Verdict::ok;
        }
    }

    void note_vantage() {
        std::ranges::move(hosts_file_notes(case_.observations), std::back_inserter(result_.notes));
        std::ranges::sort(result_.notes);
        const auto [first, last] = std::ranges::unique(result_.notes);
        result_.notes.erase(first, last);
        std::ranges::move(login_notes_, std::back_inserter(result_.notes));
        if (std::string count = login_count(case_); !count.empty()) result_.notes.push_back(std::move(count));
        if (case_.request.for_someone_else)
            result_.notes.push_back(
                "Seen from this computer. What the customer's own network, computer and clock do to the "
                "connection shows only there.");
    }

    const Case& case_;
    const knowledge::Pack& pack_;
    Picture picture_;
    std::vector<Draft> drafts_{};
    std::vector<NotTested> not_tested_{};
    std::vector<std::string> login_notes_{};
    Diagnosis result_{};
    int answered_{0}, unanswered_{0};
    bool incoming_works_{false}, outgoing_works_{false};
};

}  // namespace

Diagnosis diagnose(const Case& seen, const knowledge::Pack& pack) {
    return Run(seen, pack).diagnose();
}

}  // namespace maildoctor::diagnose
