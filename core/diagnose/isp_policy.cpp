#include "core/diagnose/isp_policy.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "core/diagnose/evidence.h"
#include "core/diagnose/isp_mail_policy.h"
#include "core/diagnose/picture.h"
#include "core/model/dialog.h"
#include "core/model/server_url.h"
#include "core/model/text.h"

namespace maildoctor::diagnose {
namespace {

constexpr std::int64_t day = 86400;

using Reply = DemandReply;

class PolicyJudge {
public:
    explicit PolicyJudge(const Validation& seen) : seen_(seen), picture_(seen.report.observations) {}

    PolicyLine judge(const IspDemand& demand) const {
        const Reply reply = answer(demand);
        return {.rule = demand.key, .wanted = demand.wanted, .met = reply.met, .because = reply.because};
    }

private:
    Reply answer(const IspDemand& demand) const {
        switch (demand.rule) {
            case IspRule::tls_minimum:
                return each([&](const PublishedServer& s) { return version_at_least(s, demand.number); });
            case IspRule::tls_from_start:
                return each([&](const PublishedServer& s) {
                    const bool from_start = s.setting.security == Security::tls;
                    return from_start == demand.flag
                               ? Reply{}
                               : Reply{Answer::no, server_url(s.setting) + " is published"};
                });
            case IspRule::encryption_required:
                return each([&](const PublishedServer& s) {
                    const bool fine = !demand.flag || s.setting.security != Security::none;
                    return fine ? Reply{} : Reply{Answer::no, server_url(s.setting) + " is published"};
                });
            case IspRule::plaintext_login:
                return each([&](const PublishedServer& s) { return plain_login(s, demand.flag); });
            case IspRule::imap:
                return offered(Protocol::imap, demand.flag);
            case IspRule::pop3:
                return offered(Protocol::pop3, demand.flag);
            case IspRule::submission:
                return offered(Protocol::smtp, demand.flag);
            case IspRule::srv:
            case IspRule::autoconfig:
            case IspRule::autodiscover:
            case IspRule::pacc:
                return source(demand.key, demand.flag);
            case IspRule::sources_agree:
                return no_finding(Cause::settings_contradictory, demand.flag);
            case IspRule::everything_works:
                return each([&](const PublishedServer& s) { return works(s, demand.flag); });
            case IspRule::ipv6:
                return each([&](const PublishedServer& s) { return has_ipv6(s, demand.flag); });
            case IspRule::dnssec:
                return each([&](const PublishedServer& s) { return is_signed(s, demand.flag); });
            case IspRule::certificate_days:
                return each([&](const PublishedServer& s) { return certificate_left(s, demand.number); });
            case IspRule::mechanisms:
            case IspRule::mechanisms_off:
                return each([&](const PublishedServer& s) { return mechanisms(s, demand); });
            case IspRule::user_name:
                return user_names(demand);
            case IspRule::hosts:
                return each([&](const PublishedServer& s) { return is_among(s, demand.texts); });
            default:
                return judge_mail_demand(demand, seen_.mail);
        }
    }

    /// One "no" decides; else one "unknown" does.
    Reply each(const std::function<Reply(const PublishedServer&)>& ask) const {
        Reply whole;
        std::size_t asked = 0;
        for (const PublishedServer& server : seen_.servers) {
            if (!server.published()) continue;
            ++asked;
            Reply reply = ask(server);
            if (reply.met == Answer::no) return reply;
            if (reply.met == Answer::unknown) whole = std::move(reply);
        }
        if (whole.met == Answer::yes)
            whole.because = asked == 0 ? "no server is published"
                                       : fmt::format("holds for all {} published servers", asked);
        return whole;
    }

    const Observation* dialog(const PublishedServer& server) const { return picture_.dialog(server.setting); }

    Reply not_seen(const PublishedServer& server) const {
        return {Answer::unknown, server_url(server.setting) + " did not get that far"};
    }

    Reply version_at_least(const PublishedServer& server, int minor) const {
        const Observation* seen = dialog(server);
        if (server.setting.security == Security::none)
            return {Answer::no, server_url(server.setting) + " is published without encryption"};
        if (seen == nullptr || !encrypted(*seen)) return not_seen(server);
        const std::string& version = seen->tls->version;  // "TLSv1.3"
        const std::size_t dot = version.find('.');
        const int got = dot == std::string::npos ? 0 : version[dot + 1] - '0';
        if (got < minor) return {Answer::no, place(seen->subject) + " speaks " + version};
        return offers_nothing_older(server, minor);
    }

    /// Whatever a server settles on with a current client, it may still take older ones. Each of its machines
    /// was asked for the versions below the minimum.
    Reply offers_nothing_older(const PublishedServer& server, int minor) const {
        std::size_t machines = 0;
        Reply reply;
        for (const Observation& seen : picture_.all()) {
            if (!seen.survey || seen.subject.host != server.setting.host.text() ||
                seen.subject.port != server.setting.port)
                continue;
            ++machines;
            for (const TlsVersion version : versions_below(minor)) {
                if (offers(*seen.survey, version))
                    return {Answer::no,
                            fmt::format("{}{} still offers {}", place(seen.subject),
                                        seen.subject.address ? " [" + seen.subject.address->text() + "]" : "",
                                        version_name(version))};
                const VersionSeen* asked = find_version(*seen.survey, version);
                if (asked == nullptr || asked->offered == Answer::unknown)
                    reply = {Answer::unknown, fmt::format("whether {} still offers {} could not be told",
                                                          place(seen.subject), version_name(version))};
            }
        }
        if (machines == 0)
            return {Answer::unknown,
                    "which older versions " + server_url(server.setting) + " offers was not asked"};
        return reply;
    }

    Reply plain_login(const PublishedServer& server, bool allowed) const {
        const Observation* seen = dialog(server);
        if (allowed || server.setting.security == Security::tls) return {};
        if (seen == nullptr || !greeted(*seen)) return not_seen(server);
        if (!plain_login_offered(*seen)) return {};
        return {Answer::no, place(seen->subject) + " offers logins before encryption"};
    }

    Reply offered(Protocol protocol, bool wanted) const {
        const auto found = std::ranges::find_if(seen_.servers, [&](const PublishedServer& s) {
            return s.published() && s.setting.protocol == protocol;
        });
        if (found != seen_.servers.end())
            return {wanted ? Answer::yes : Answer::no,
                    server_url(found->setting) + " is published by " + found->sources.front()};
        if (wanted) return {Answer::no, "no source names a server for it"};
        return really_off(protocol);
    }

    /// A service that nobody publishes is off only when nothing answers where programs look for it.
    Reply really_off(Protocol protocol) const {
        std::size_t asked = 0;
        for (const Observation& seen : picture_.all()) {
            if (!is_dialog(seen) || seen.subject.protocol != protocol || seen.subject.role == Role::mx)
                continue;
            ++asked;
            if (greeted(seen))
                return {Answer::no, place(seen.subject) + " answers, though no source names it"};
            const bool lost = seen.failure && (seen.failure->kind == FailureKind::out_of_time ||
                                               seen.failure->kind == FailureKind::cancelled);
            if (lost) return {Answer::unknown, place(seen.subject) + " could not be asked"};
        }
        return {Answer::yes, asked == 0
                                 ? "no source names a server for it"
                                 : "no source names a server for it, and none answers at the usual ports"};
    }

    Reply source(std::string_view name, bool wanted) const {
        bool lost = false, any = false;
        for (const SourceAnswer& answer : seen_.sources) {
            // A redirect over plain HTTP leads Outlook to an answer over HTTPS.
            const bool same =
                answer.source == name || (name == "autodiscover" && answer.source == "autodiscover-http");
            if (!same) continue;
            any = any || answer.outcome == SourceAnswer::Outcome::settings;
            lost = lost || answer.outcome == SourceAnswer::Outcome::unreachable;
        }
        if (any) return {wanted ? Answer::yes : Answer::no, "settings are published there"};
        if (lost) return {wanted ? Answer::no : Answer::unknown, "it could not be reached"};
        return {wanted ? Answer::no : Answer::yes, "nothing usable is published there"};
    }

    Reply no_finding(Cause cause, bool wanted) const {
        const auto found = std::ranges::find_if(seen_.report.findings, [&](const Finding& finding) {
            return finding.cause == cause && finding.severity != Severity::info;
        });
        if (found == seen_.report.findings.end()) return {Answer::yes, "no source contradicts another"};
        return {wanted ? Answer::no : Answer::yes,
                found->evidence.empty() ? found->title : found->evidence.front().text};
    }

    static Reply works(const PublishedServer& server, bool wanted) {
        if (!wanted) return {};
        if (!server.works) return {Answer::unknown, server_url(server.setting) + " could not be tested"};
        if (*server.works) return {};
        return {Answer::no, server_url(server.setting) + " does not work" +
                                (server.cause ? ": " + std::string(cause_id(*server.cause)) : "")};
    }

    Reply has_ipv6(const PublishedServer& server, bool wanted) const {
        const Observation* v6 = picture_.dns(server.setting.host.text(), RecordType::aaaa);
        if (!wanted) return {};
        if (v6 == nullptr) return not_seen(server);
        if (!v6->dns->addresses.empty()) return {};
        if (v6->dns->status != DnsStatus::no_data && v6->dns->status != DnsStatus::no_such_name)
            return {Answer::unknown, server.setting.host.text() + " AAAA could not be looked up"};
        return {Answer::no, server.setting.host.text() + " has no IPv6 address"};
    }

    Reply is_signed(const PublishedServer& server, bool wanted) const {
        const Observation* v4 = picture_.dns(server.setting.host.text(), RecordType::a);
        if (!wanted) return {};
        if (v4 == nullptr || v4->dns->dnssec == Dnssec::not_checked ||
            v4->dns->dnssec == Dnssec::indeterminate)
            return {Answer::unknown, "the resolver hands out no signatures"};
        if (v4->dns->dnssec == Dnssec::secure) return {};
        return {Answer::no, "the addresses of " + server.setting.host.text() + " are not signed"};
    }

    Reply certificate_left(const PublishedServer& server, int days) const {
        const Observation* seen = dialog(server);
        if (seen == nullptr || !encrypted(*seen) || seen->tls->chain.empty()) return not_seen(server);
        const std::int64_t end = seen->tls->chain.front().not_after;
        if (end - seen_.report.started >= days * day) return {};
        return {Answer::no, place(seen->subject) + ": the certificate ends on " + date_of(end)};
    }

    Reply mechanisms(const PublishedServer& server, const IspDemand& demand) const {
        const Observation* seen = dialog(server);
        if (seen == nullptr || !greeted(*seen) || !seen->mail->capabilities_known) return not_seen(server);
        const bool wanted = demand.rule == IspRule::mechanisms;
        for (const std::string& name : demand.texts) {
            const auto& offered = seen->mail->auth_mechanisms;
            const bool there = std::ranges::find(offered, upper_case(name)) != offered.end();
            if (there == wanted) continue;
            return {Answer::no, fmt::format("{} {} {}", place(seen->subject),
                                            there ? "offers" : "does not offer", upper_case(name))};
        }
        return {};
    }

    Reply user_names(const IspDemand& demand) const {
        for (const SourceAnswer& answer : seen_.sources) {
            if (answer.outcome != SourceAnswer::Outcome::settings || answer.third_party) continue;
            for (const auto* side : {&answer.document.settings.incoming, &answer.document.settings.outgoing})
                for (const ServerSetting& setting : *side)
                    if (setting.username_form && !same_word(*setting.username_form, demand.texts.front()))
                        return {Answer::no, fmt::format("{}: {} as {}", answer.place, server_url(setting),
                                                        *setting.username_form)};
        }
        return {Answer::yes, "every source that names one"};
    }

    static Reply is_among(const PublishedServer& server, const std::vector<std::string>& allowed) {
        return fits_name(server.setting.host.text(), allowed)
                   ? Reply{}
                   : Reply{Answer::no, server_url(server.setting) + " is published"};
    }

    const Validation& seen_;
    Picture picture_;
};

}  // namespace

std::vector<PolicyLine> judge_isp_policy(const IspPolicy& policy, const Validation& seen) {
    const PolicyJudge judge(seen);
    std::vector<PolicyLine> lines;
    for (const IspDemand& demand : policy.demands)
        lines.push_back(judge.judge(demand));
    return lines;
}

}  // namespace maildoctor::diagnose
