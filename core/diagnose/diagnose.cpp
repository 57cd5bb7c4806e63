#include "core/diagnose/diagnose.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <tuple>

#include "core/diagnose/clock.h"
#include "core/diagnose/delivery.h"
#include "core/diagnose/evidence.h"
#include "core/diagnose/hosts.h"
#include "core/diagnose/limits.h"
#include "core/diagnose/login.h"
#include "core/diagnose/mail_policy.h"
#include "core/diagnose/other_runs.h"
#include "core/diagnose/picture.h"
#include "core/diagnose/publishing.h"
#include "core/diagnose/ranking.h"
#include "core/diagnose/relay.h"
#include "core/diagnose/send.h"
#include "core/diagnose/server.h"
#include "core/diagnose/survey.h"
#include "core/diagnose/swapped.h"
#include "core/diagnose/wording.h"
#include "core/model/dialog.h"
#include "core/model/server_url.h"
#include "core/names/names.h"

namespace maildoctor::diagnose {
namespace {

struct Candidate {
    ServerSetting setting;
    Judgement judgement;
};

int source_rank(const std::string& source) {
    static constexpr std::array<std::string_view, 14> order = {
        "typed",      "error-text", "srv",           "autoconfig",      "autodiscover",
        "provider",   "ispdb",      "mx-autoconfig", "autoconfig-http", "autodiscover-http",
        "other-name", "guess",      "typo",          "mx-host"};
    const auto found = std::ranges::find(order, source);
    return static_cast<int>(found - order.begin());
}

/// Whether somebody published the setting, so that programs will take it.
bool is_published(const std::string& source) {
    static constexpr std::array<std::string_view, 8> published = {
        "srv",   "provider",      "autoconfig",      "autodiscover",
        "ispdb", "mx-autoconfig", "autoconfig-http", "autodiscover-http"};
    return std::ranges::find(published, source) != published.end();
}

/// Every dialog with a client port, as the setting that a program would need there.
std::vector<ServerSetting> candidates(const Picture& picture, Role role) {
    std::vector<ServerSetting> settings;
    for (const Observation& seen : picture.all()) {
        if (!is_dialog(seen) || seen.subject.role != role || seen.source == address_source) continue;
        const auto host = HostName::from(*seen.subject.host);
        if (!host) continue;
        Security security = *seen.subject.security;
        if (security != Security::tls) security = Security::starttls;
        settings.push_back({.protocol = *seen.subject.protocol,
                            .host = *host,
                            .port = *seen.subject.port,
                            .security = security,
                            .auth = seen.mail ? seen.mail->auth_mechanisms : std::vector<std::string>{},
                            .source = seen.source});
    }
    return settings;
}

/// The best first: where it was said, encryption from the start, IMAP before POP3, usual ports, names that
/// say what they are.
auto preference(const ServerSetting& s) {
    const bool plain_25 = s.port.number() == 25 || s.port.number() == 26 || s.port.number() == 2525;
    return std::tuple(is_published(s.source) ? 0 : 1, s.security == Security::none ? 1 : 0,
                      s.protocol == Protocol::pop3 ? 1 : 0, plain_25 ? 1 : 0,
                      s.security == Security::tls ? 0 : 1, source_rank(s.source), s.port.number(),
                      s.host.text());
}

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
            judge_role(Role::incoming, case_.request.incoming);
            judge_role(Role::outgoing, case_.request.outgoing);
            join_swapped_names(case_.request, result_.settings, drafts_);
            judge_logins(Role::incoming);
            judge_logins(Role::outgoing);
            judge_surveys();
            judge_domain();
            judge_test_message();
            judge_relay_tests();
            judge_other_runs();
            judge_time();
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

    void take(Judgement judgement, bool errors) {
        for (Draft& draft : judgement.drafts) {
            if (errors || draft.severity != Severity::error) drafts_.push_back(std::move(draft));
        }
        for (NotTested& item : judgement.not_tested)
            not_tested_.push_back(std::move(item));
    }

    void judge_role(Role role, const std::optional<ServerSetting>& typed) {
        if (!typed && case_.request.only_typed) return;
        const bool incoming = role == Role::incoming;
        std::vector<ServerSetting>& works = incoming ? result_.settings.incoming : result_.settings.outgoing;
        std::vector<Candidate> all = judge_candidates(role);
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
            judge_found(role, std::move(all), served);
        }
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

    std::vector<Candidate> judge_candidates(Role role) const {
        std::vector<Candidate> all;
        std::vector<ServerSetting> settings = candidates(picture_, role);
        for (ServerSetting& lost : published_without_dialog(role, settings))
            settings.push_back(std::move(lost));
        for (ServerSetting& setting : settings) {
            Judgement judgement = judge_server(picture_, setting, pack_, case_.now, false);
            all.push_back({.setting = std::move(setting), .judgement = std::move(judgement)});
        }
        return all;
    }

    /// Servers that documents name and that nobody could talk to, because their name leads nowhere.
    std::vector<ServerSetting> published_without_dialog(Role role,
                                                        const std::vector<ServerSetting>& met) const {
        std::vector<ServerSetting> lost;
        for (const SourceAnswer& source : case_.sources) {
            if (source.source == "srv" || source.outcome != SourceAnswer::Outcome::settings) continue;
            const Settings& settings = source.document.settings;
            for (const ServerSetting& setting :
                 role == Role::incoming ? settings.incoming : settings.outgoing) {
                const bool known = std::ranges::any_of(
                    met, [&](const ServerSetting& other) { return other.host == setting.host; });
                if (!known) lost.push_back(setting);
            }
        }
        return lost;
    }

    void judge_typed(const ServerSetting& typed, std::vector<ServerSetting>& works) {
        Judgement judgement = judge_server(picture_, typed, pack_, case_.now, true);
        const bool incoming = role_of(typed.protocol) == Role::incoming;
        (judgement.tested ? answered_ : unanswered_) += 1;
        if (!judgement.tested && judgement.not_tested.empty())
            judgement.not_tested.push_back({.what = server_url(typed), .because = why_untested()});
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
            (incoming ? incoming_works_ : outgoing_works_) = true;
        }
        take(std::move(judgement), true);
        take(judge_server_dane(picture_, typed), true);
    }

    std::string why_untested() const {
        if (case_.cancelled) return "the check was stopped";
        if (case_.out_of_time) return "the time limit ran out";
        return "nothing was seen of it";
    }

    /// Nothing was typed for this role: what the domain's own servers show.
    void judge_found(Role role, std::vector<Candidate> all, bool served) {
        if (served) {
            (role == Role::incoming ? incoming_works_ : outgoing_works_) = true;
            ++answered_;
            if (take_broken_document(all)) return;
            // What works decides; a published server that does not is still worth a warning.
            for (Candidate& candidate : all) {
                if (candidate.judgement.works) {
                    take(std::move(candidate.judgement), false);
                } else if (candidate.setting.source == "srv") {
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
        if (best == all.end() || best->judgement.progress < 2) return judge_nothing_found(role, all);
        (best->judgement.tested ? answered_ : unanswered_) += 1;
        take(std::move(best->judgement), true);
    }

    /// Programs take what a document names, even where another server would work: when none of it does, that
    /// is what the user meets.
    bool take_broken_document(std::vector<Candidate>& all) {
        const auto from_document = [](const Candidate& candidate) {
            return candidate.setting.source == "autoconfig" || candidate.setting.source == "autodiscover";
        };
        const auto published_works = [&](const Candidate& candidate) {
            return candidate.judgement.works && is_published(candidate.setting.source);
        };
        if (std::ranges::any_of(all, published_works)) return false;
        const auto broken = std::ranges::find_if(all, [&](const Candidate& candidate) {
            return from_document(candidate) &&
                   std::ranges::any_of(candidate.judgement.drafts,
                                       [](const Draft& d) { return d.severity == Severity::error; });
        });
        if (broken == all.end()) return false;
        take(std::move(broken->judgement), true);
        return true;
    }

    void judge_nothing_found(Role role, std::vector<Candidate>& all) {
        const std::string what = role == Role::incoming ? "receiving" : "sending";
        // Published servers that cannot be reached are the user's problem; guessed names that do not answer
        // are not.
        for (Candidate& candidate : all) {
            if (!is_published(candidate.setting.source)) continue;
            ++answered_;
            return take(std::move(candidate.judgement), true);
        }
        // All guessed names lead to a server that answers on no port of the role: that is what the user will
        // meet.
        for (Candidate& candidate : all) {
            const bool mail_host = candidate.setting.source == "guess" && !candidate.judgement.drafts.empty();
            if (!mail_host || served_elsewhere(role)) continue;
            ++answered_;
            return take(std::move(candidate.judgement), true);
        }
        ++unanswered_;
        not_tested_.push_back(
            {.what = what,
             .because =
                 all.empty()
                     ? "no server for it was found: type the server from your provider's instructions (" +
                           std::string(role == Role::incoming ? "--incoming" : "--outgoing") + ")"
                     : "none of the usual ports answered"});
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
            judgement.not_tested.push_back({.what = server_url(server), .because = why_untested()});
        take(std::move(judgement), true);
    }

    void judge_stated_limits() {
        result_.limits = stated_limits(case_, result_.settings, pack_);
        for (Draft& draft : judge_limits(result_.limits, case_))
            drafts_.push_back(std::move(draft));
    }

    /// Certificates that only look outdated because the clock here is wrong are no fault of the servers.
    void judge_time() {
        auto clock = judge_clock(picture_, case_.now, case_.request.language);
        if (!clock) {
            clock = judge_clock_by_root(picture_, case_.now, case_.request.language);
            if (!clock) return judge_time_by_certificates();
            std::erase_if(drafts_, [](const Draft& draft) { return draft.cause == Cause::dns_dnssec_bogus; });
        }
        std::erase_if(drafts_, [&](Draft& draft) {
            const bool by_date = draft.cause == Cause::tls_certificate_expired ||
                                 draft.cause == Cause::tls_certificate_not_yet_valid;
            if (by_date) std::ranges::move(draft.evidence, std::back_inserter(clock->evidence));
            return by_date;
        });
        drafts_.push_back(std::move(*clock));
    }

    /// Where another certificate is valid right now, nobody needs to look at the clock.
    void judge_time_by_certificates() {
        for (Draft& draft : drafts_) {
            const bool by_date = draft.cause == Cause::tls_certificate_expired ||
                                 draft.cause == Cause::tls_certificate_not_yet_valid;
            if (by_date && draft.variant.empty() && clock_fits_another(picture_, draft))
                draft.variant = "clock-is-right";
        }
    }

    /// What this network, computer or clock does is not what the caller's does.
    void leave_local_findings_open() {
        const auto local = [](const Draft& draft) {
            return draft.cause == Cause::client_clock_wrong || draft.rule == "certificate-issuer" ||
                   draft.rule == "masked-banner";
        };
        for (const Draft& draft : drafts_) {
            if (!local(draft)) continue;
            ++unanswered_;
            not_tested_.push_back(
                {.what = draft.subject.host.value_or("the certificates' dates"),
                 .because = draft.cause == Cause::client_clock_wrong
                                ? "the clock of the computer that this test runs on is wrong"
                                : "something in the network that this test runs in alters the "
                                  "connection; whether the customer's does shows only there"});
        }
        std::erase_if(drafts_, local);
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

    bool served_elsewhere(Role role) const { return role == Role::incoming ? outgoing_works_ : false; }

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
        take(std::move(delivery), true);
        take(judge_transport(picture_, domain), true);
    }

    /// Port 25 silent at two unrelated operators while other ports of the same hosts answer: the network here
    /// blocks it.
    void find_blocked_port() {
        const Port port = *Port::from(25);
        std::set<std::string> operators;
        std::vector<const Observation*> silent;
        for (const Observation& seen : case_.observations) {
            if ((!is_dialog(seen) && !is_connect(seen)) || seen.subject.port != port) continue;
            if (connected(seen)) return;
            if (!silent_port(seen) || picture_.other_port_that_answers(*seen.subject.host, port) == nullptr)
                continue;
            operators.insert(operator_of(*seen.subject.host));
            silent.push_back(&seen);
        }
        if (operators.size() < 2) return;
        if (case_.request.for_someone_else) return leave_port_25_open();
        const auto typed = std::ranges::find_if(drafts_, [&](const Draft& d) {
            return d.cause == Cause::net_timeout && d.subject.port == port && d.severity == Severity::error;
        });
        Draft draft = draft_about(Cause::net_port_blocked, *silent.front(), "port-25-blocked");
        if (typed != drafts_.end()) draft.subject = typed->subject;
        draft.confidence = Confidence::likely;
        draft.variant = "25";
        draft.severity = typed != drafts_.end() ? Severity::error : Severity::info;
        for (const Observation* seen : silent) {
            draft.evidence.push_back(connect_evidence(*seen));
            if (const Observation* other = picture_.other_port_that_answers(*seen->subject.host, port))
                draft.evidence.push_back({.kind = "connect", .text = place(other->subject) + ": answers"});
            draft.observations.push_back(seen->id);
        }
        if (typed != drafts_.end()) drafts_.erase(typed);
        drafts_.push_back(std::move(draft));
    }

    /// This network is not the caller's: that it blocks port 25 says nothing about their trouble.
    void leave_port_25_open() {
        const Port port = *Port::from(25);
        const auto removed = std::erase_if(
            drafts_, [&](const Draft& d) { return d.cause == Cause::net_timeout && d.subject.port == port; });
        not_tested_.push_back({.what = "port 25",
                               .because = "the network that this test runs in blocks it; whether the "
                                          "customer's does shows only there"});
        if (removed > 0) ++unanswered_;
    }

    /// Who runs a host, as far as its name tells: hosts of one operator prove nothing twice.
    static std::string operator_of(const std::string& host) {
        const auto name = HostName::from(host);
        const auto domain = name ? names::registered_domain(*name) : std::nullopt;
        return domain ? domain->text() : host;
    }

    void conclude() {
        if (case_.request.for_someone_else) leave_local_findings_open();
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
        for (const Observation& seen : case_.observations) {
            if (seen.dns && seen.dns->from_hosts_file)
                result_.notes.push_back("The address of " + seen.dns->name +
                                        " comes from this computer's hosts file, not from DNS.");
        }
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
