#include "core/diagnose/validation.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "core/diagnose/comparison.h"
#include "core/diagnose/delivery.h"
#include "core/diagnose/evidence.h"
#include "core/diagnose/hosts.h"
#include "core/diagnose/mail_policy.h"
#include "core/diagnose/mail_programs.h"
#include "core/diagnose/offers.h"
#include "core/diagnose/picture.h"
#include "core/diagnose/publishing.h"
#include "core/diagnose/ranking.h"
#include "core/diagnose/server.h"
#include "core/diagnose/wording.h"
#include "core/model/dialog.h"
#include "core/model/server_url.h"

namespace maildoctor::diagnose {
namespace {

using SourceOutcome = SourceAnswer::Outcome;

bool is_error(const Draft& draft) {
    return draft.severity == Severity::error;
}

class Validator {
public:
    Validator(ValidationCase seen, const knowledge::Pack& pack)
        : case_(std::move(seen)), pack_(pack), picture_(case_.observations) {}

    Validation judge() {
        if (resolver_is_dead(picture_)) {
            drafts_.push_back(resolver_fault(picture_));
            not_tested_.push_back({.what = "the published settings", .because = "no name can be looked up"});
        } else if (!domain_is_lost()) {
            for (PublishedServer& server : case_.servers)
                judge_one(server);
            judge_publishing();
            judge_gaps();
            judge_mail_side();
        }
        result_.answers =
            case_.several_connections ? grouped_answers(case_.observations) : std::vector<AnswerGroup>{};
        result_.programs = simulate_programs({.sources = case_.sources,
                                              .servers = case_.servers,
                                              .thunderbird_guesses = std::move(case_.thunderbird_guesses),
                                              .deltachat_guesses = std::move(case_.deltachat_guesses),
                                              .language = case_.request.language});
        conclude();
        std::erase_if(case_.servers,
                      [](const PublishedServer& s) { return !s.published() && s.works != true; });
        result_.sources = std::move(case_.sources);
        result_.servers = std::move(case_.servers);
        result_.mail = std::move(case_.mail);
        result_.report.observations = std::move(case_.observations);
        result_.report.request = std::move(case_.request);
        return std::move(result_);
    }

private:
    const HostName& domain() const { return *case_.request.domain; }

    /// The domain does not exist, or nobody can say: then nothing else about it means anything.
    bool domain_is_lost() {
        const Observation* mx = picture_.dns(domain().text(), RecordType::mx);
        if (mx == nullptr || mx->dns->status == DnsStatus::found || mx->dns->status == DnsStatus::no_data)
            return false;
        const bool something =
            std::ranges::any_of(case_.servers, [](const PublishedServer& s) { return s.published(); });
        auto fault = dns_fault(*mx);
        if (!fault || something) return false;
        if (fault->detail == "cancelled" || fault->detail == "out-of-time") return false;
        fault->subject.role.reset();
        drafts_.push_back(std::move(*fault));
        return true;
    }

    void judge_one(PublishedServer& server) {
        const ServerSetting& setting = server.setting;
        const bool plain = setting.security == Security::none;
        Judgement judgement = judge_server(picture_, setting, pack_, case_.now, plain && server.published());
        const Observation* dialog = picture_.dialog(setting);
        if (dialog != nullptr && judgement.tested) {
            server.starttls_word = dialog->mail && dialog->mail->starttls_offered;
            for (Draft& draft : judge_offers(setting, *dialog))
                judgement.drafts.push_back(std::move(draft));
        }
        const auto broken = std::ranges::find_if(judgement.drafts, is_error);
        if (judgement.tested) server.works = broken == judgement.drafts.end();
        if (broken != judgement.drafts.end()) server.cause = broken->cause;
        if (!server.published()) return;
        if (judgement.tested) ++answered_;
        if (!judgement.tested) {
            ++unanswered_;
            if (judgement.not_tested.empty())
                judgement.not_tested.push_back({.what = server_url(setting), .because = why_untested()});
        }
        for (Draft& draft : judgement.drafts)
            take_server_draft(std::move(draft), server);
        std::ranges::move(judgement.not_tested, std::back_inserter(not_tested_));
    }

    std::string why_untested() const {
        if (case_.cancelled) return "the validation was stopped";
        if (case_.out_of_time) return "the time limit ran out";
        return "nothing was seen of it";
    }

    void take_server_draft(Draft draft, const PublishedServer& server) {
        draft.subject.source = server.sources.front();
        draft.subject.role = role_of(server.setting.protocol);
        if (!draft.subject.protocol) draft.subject.protocol = server.setting.protocol;
        if (!draft.subject.port) draft.subject.port = server.setting.port;
        std::string all;
        for (const std::string& source : server.sources)
            all += (all.empty() ? "" : ", ") + source;
        draft.evidence.push_back(
            {.kind = "source", .text = server_url(server.setting) + " is published by: " + all});
        draft.actor = Actor::operator_;
        // The built-in list is ours: the domain's owner did not publish what is wrong there.
        if (server.sources.front() == "provider" && is_error(draft)) draft.severity = Severity::warning;
        drafts_.push_back(std::move(draft));
    }

    void judge_publishing() {
        for (Draft& draft : judge_sources(case_.sources)) {
            if (draft.cause == Cause::settings_contradictory) continue;  // judge_agreement looks closer
            // Programs throw such a document away, or refuse the connection: for its publisher that is a
            // fault.
            if (draft.cause != Cause::settings_insecure_source) draft.severity = Severity::error;
            drafts_.push_back(std::move(draft));
        }
        for (Draft& draft : judge_documents(case_.sources))
            drafts_.push_back(std::move(draft));
        for (Draft& draft : judge_unreachable(case_.sources))
            drafts_.push_back(std::move(draft));
        for (Draft& draft : judge_srv(case_.sources))
            drafts_.push_back(std::move(draft));
        for (Draft& draft : judge_agreement(case_.sources))
            drafts_.push_back(std::move(draft));
    }

    bool published(Role role) const {
        return std::ranges::any_of(case_.servers, [&](const PublishedServer& s) {
            return s.published() && role_of(s.setting.protocol) == role;
        });
    }
    const PublishedServer* found(Role role) const {
        const auto server = std::ranges::find_if(case_.servers, [&](const PublishedServer& s) {
            return !s.published() && s.works == true && role_of(s.setting.protocol) == role;
        });
        return server == case_.servers.end() ? nullptr : &*server;
    }

    bool takes_no_mail() const {
        const Observation* mx = picture_.dns(domain().text(), RecordType::mx);
        return mx != nullptr && mx->dns->mx.size() == 1 && mx->dns->mx.front().exchange.empty();
    }

    /// What is not published: an info where the usual names work, an error where nothing leads to a server.
    void judge_gaps() {
        const bool incoming = published(Role::incoming), outgoing = published(Role::outgoing);
        if (incoming && outgoing) return;
        if (!incoming && !outgoing && takes_no_mail()) {
            ++answered_;
            const bool german = case_.request.language == "de";
            result_.report.notes.push_back(domain().text() +
                                           (german ? " sagt, dass sie keine Mail annimmt (Null-MX, RFC 7505)."
                                                   : " says that it takes no mail (null MX, RFC 7505)."));
            return;
        }
        Draft draft = not_published(domain(), case_.sources);
        draft.detail = incoming ? "outgoing" : outgoing ? "incoming" : "";
        bool works = true;
        for (const Role role : {Role::incoming, Role::outgoing}) {
            if (published(role)) continue;
            const PublishedServer* server = found(role);
            works = works && server != nullptr;
            if (server == nullptr) continue;
            draft.evidence.push_back(
                {.kind = "source", .text = server_url(server->setting) + " works, and no source names it"});
        }
        if (!works) return judge_nothing_found(std::move(draft));
        ++answered_;
        drafts_.push_back(std::move(draft));
    }

    void judge_nothing_found(Draft draft) {
        const bool lost = std::ranges::any_of(case_.sources, [](const SourceAnswer& source) {
            return source.outcome == SourceOutcome::unreachable && !source.third_party;
        });
        // A source that could not be asked may name the servers.
        draft.severity = lost || case_.out_of_time || case_.cancelled ? Severity::warning : Severity::error;
        if (draft.severity != Severity::error) {
            ++unanswered_;
            not_tested_.push_back({.what = "the published settings", .because = why_untested()});
        }
        drafts_.push_back(std::move(draft));
    }

    /// Whether mail from others arrives, and what the domain publishes for those who send and receive it.
    void judge_mail_side() {
        if (!case_.mail) return;
        for (Judgement judgement : {judge_delivery(picture_, domain()), judge_policy(*case_.mail),
                                    judge_exchangers(picture_, *case_.mail)}) {
            for (Draft& draft : judgement.drafts) {
                draft.actor = Actor::operator_;
                // A domain that says that it takes no mail, or has no place for it, may mean that.
                if (draft.detail == "null-mx") draft.severity = Severity::info;
                drafts_.push_back(std::move(draft));
            }
            std::ranges::move(judgement.not_tested, std::back_inserter(not_tested_));
        }
    }

    void add_works() {
        for (const PublishedServer& server : case_.servers) {
            if (server.works != true) continue;
            ServerSetting setting = server.setting;
            setting.works = true;
            setting.source = server.sources.front();
            if (const Observation* seen = picture_.dialog(setting);
                seen != nullptr && seen->mail && setting.auth.empty())
                setting.auth = seen->mail->auth_mechanisms;
            const bool outgoing = role_of(setting.protocol) == Role::outgoing;
            (outgoing ? result_.report.settings.outgoing : result_.report.settings.incoming)
                .push_back(std::move(setting));
        }
    }

    void conclude() {
        add_works();
        Report& report = result_.report;
        const Case wording{.request = case_.request};
        std::vector<Draft> drafts = merge(std::move(drafts_));
        rank(drafts, std::nullopt);
        for (Draft& draft : drafts) {
            if (!draft.actor) draft.actor = Actor::operator_;
            draft.settings_work = true;  // the publisher mends the server, and types nothing else
            report.findings.push_back(worded(draft, wording, {}, pack_));
        }
        std::set<std::pair<std::string, std::string>> said;
        std::ranges::move(case_.not_tested, std::back_inserter(not_tested_));
        for (NotTested& item : not_tested_)
            if (said.emplace(item.what, item.because).second) report.not_tested.push_back(std::move(item));
        if (case_.out_of_time)
            report.not_tested.push_back(
                {"everything that had not answered yet", "the time limit ran out (--timeout)"});
        if (case_.cancelled) report.not_tested.push_back({"the rest", "the validation was stopped"});
        const bool offline = !report.findings.empty() && report.findings.front().detail == "offline";
        if (!report.findings.empty() && report.findings.front().severity == Severity::error && !offline) {
            report.findings.front().primary = true;
            report.verdict = Verdict::problem;
        } else if (!offline && unanswered_ == 0 && answered_ > 0) {
            report.verdict = Verdict::ok;
        }
    }

    ValidationCase case_;
    const knowledge::Pack& pack_;
    Picture picture_;
    std::vector<Draft> drafts_{};
    std::vector<NotTested> not_tested_{};
    Validation result_{};
    int answered_{0}, unanswered_{0};
};

}  // namespace

Validation judge_validation(ValidationCase seen, const knowledge::Pack& pack) {
    return Validator(std::move(seen), pack).judge();
}

}  // namespace maildoctor::diagnose
