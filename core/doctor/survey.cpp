#include "core/doctor/survey.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "core/async/when_all.h"
#include "core/diagnose/comparison.h"
#include "core/diagnose/isp_policy.h"
#include "core/diagnose/validation.h"
#include "core/discover/lookup_plan.h"
#include "core/discover/search.h"
#include "core/doctor/advice.h"
#include "core/doctor/version.h"
#include "core/policy/dane.h"
#include "core/policy/look_up.h"
#include "core/probe/lookup.h"
#include "core/probe/route.h"

namespace maildoctor::doctor {
namespace {

constexpr std::size_t max_servers = 40;  // published ones that are visited
constexpr std::size_t max_guesses = 16;
constexpr std::size_t max_exchangers = 4;
constexpr std::size_t srv_targets = 16;  // of one service

class Survey {
public:
    explicit Survey(SurveyInput input) : input_(std::move(input)) {}

    Task<Validation> run() {
        case_.request.domain = input_.email.domain;
        case_.request.language = input_.language;
        case_.now = std::chrono::duration_cast<std::chrono::seconds>(
                        std::chrono::system_clock::now().time_since_epoch())
                        .count();
        case_.several_connections = input_.connections > 1;
        co_await ask_sources();
        co_await visit_published();
        co_await visit_usual_names();
        co_await visit_switched_off();
        co_await visit_exchangers();
        co_await look_at_resolver();
        co_return co_await conclude();
    }

private:
    void tell(std::string what) {
        if (input_.sink) input_.sink({.kind = Progress::Kind::started, .what = std::move(what)});
    }

    const IspDemand* demand(IspRule rule) const {
        return input_.policy ? input_.policy->find(rule) : nullptr;
    }

    Task<void> ask_sources() {
        tell("asking where settings are published");
        discover::SearchOptions options{
            .srv_targets = srv_targets,
            .third_parties = input_.third_parties && input_.provider_servers.empty(),
            .follow_any_redirect = input_.third_parties && input_.email.local == "postmaster"};
        async::Group group(co_await asio::this_coro::executor);
        group.start(look_up_mx());
        group.start(ask_mail_side());
        discovery_ = co_await discover::search(input_.context->resolver, input_.web, input_.email,
                                               std::move(options), input_.context->deadline);
        co_await group.wait();
        add_provider();
        case_.sources = discovery_.sources;
        case_.servers = diagnose::published_servers(case_.sources);
        if (case_.servers.size() > max_servers) {
            case_.not_tested.push_back(
                {.what = std::to_string(case_.servers.size() - max_servers) + " further published servers",
                 .because = "the domain names more than " + std::to_string(max_servers)});
            case_.servers.erase(case_.servers.begin() + max_servers, case_.servers.end());
        }
    }

    Task<void> look_up_mx() {
        keep(co_await probe::lookup(input_.context, input_.email.domain.text(), RecordType::mx, "domain"));
    }

    Task<void> ask_mail_side() {
        const HostName domain = input_.email.domain;
        const Deadline deadline = input_.context->deadline;
        const policy::Ask ask = policy::ask_resolver(input_.context->resolver, deadline);
        policy::LookUpOptions options{
            .selectors = input_.selectors, .now = case_.now, .third_parties = input_.third_parties};
        if (const IspDemand* keys = demand(IspRule::dkim))
            options.selectors.insert(options.selectors.end(), keys->texts.begin(), keys->texts.end());
        case_.mail = co_await policy::look_up(ask, input_.web, domain, std::move(options), deadline);
    }

    /// Whether the exchangers answer, and whether what they present fits their TLSA records.
    Task<void> visit_exchangers() {
        std::vector<ServerSetting> settings;
        for (const ExchangerFacts& exchanger : case_.mail->exchangers) {
            const auto host = HostName::from(exchanger.host);
            if (!host || host->is_literal() || settings.size() == max_exchangers) continue;
            settings.push_back({.protocol = Protocol::smtp,
                                .host = *host,
                                .port = *Port::from(25),
                                .security = Security::starttls,
                                .source = "mx"});
        }
        co_await visit_all(std::move(settings));
        for (ExchangerFacts& exchanger : case_.mail->exchangers)
            compare(exchanger);
    }

    /// Of several machines the one that does not fit decides.
    void compare(ExchangerFacts& exchanger) {
        const DaneFacts asked = exchanger.dane;
        for (const Observation& seen : case_.observations) {
            const bool same = seen.subject.host == exchanger.host && seen.subject.port == Port::from(25);
            if (!same || !seen.tls || !seen.tls->completed ||
                exchanger.dane.outcome == DaneFacts::Outcome::mismatch)
                continue;
            exchanger.dane =
                policy::compare_dane(asked, *seen.tls, {asked.host, input_.email.domain.text()}, case_.now);
        }
    }

    void add_provider() {
        if (input_.provider_servers.empty()) return;
        SourceAnswer answer{.source = "provider",
                            .step = "provider",
                            .place = "the built-in list of providers",
                            .outcome = SourceAnswer::Outcome::settings,
                            .trusted = true,
                            .third_party = true};
        for (const ServerSetting& server : input_.provider_servers) {
            auto& settings = answer.document.settings;
            (role_of(server.protocol) == Role::outgoing ? settings.outgoing : settings.incoming)
                .push_back(server);
        }
        discovery_.sources.push_back(std::move(answer));
    }

    Task<void> visit_all(std::vector<ServerSetting> settings) {
        std::vector<Task<ServerRecord>> visits;
        for (ServerSetting& setting : settings) {
            tell(setting.host.text() + " port " + std::to_string(setting.port.number()));
            visits.push_back(ServerBook::record(input_.book, input_.context, std::move(setting)));
        }
        for (const ServerRecord& record : co_await async::when_all(std::move(visits)))
            for (const Observation& seen : *record)
                keep(seen);
    }

    Task<void> visit_published() {
        std::vector<ServerSetting> settings;
        for (const PublishedServer& server : case_.servers)
            settings.push_back(server.setting);
        co_await visit_all(std::move(settings));
    }

    bool published(Role role) const {
        return std::ranges::any_of(
            case_.servers, [&](const PublishedServer& s) { return role_of(s.setting.protocol) == role; });
    }
    bool has_document() const {
        return std::ranges::any_of(case_.sources, [](const SourceAnswer& source) {
            return source.outcome == SourceAnswer::Outcome::settings && source.source != "srv" &&
                   !source.source.starts_with("autodiscover") && source.source != "provider";
        });
    }

    /// Where a role has no published server, or programs that read documents only find none, they try names.
    Task<void> visit_usual_names() {
        using enum LookupStyle;
        case_.thunderbird_guesses = discover::plan_lookup(input_.email, {.style = thunderbird}).guesses;
        case_.deltachat_guesses = discover::plan_lookup(input_.email, {.style = deltachat}).guesses;
        const bool incoming = !published(Role::incoming), outgoing = !published(Role::outgoing);
        if (!incoming && !outgoing && (!input_.thorough || has_document())) co_return;
        if (takes_no_mail()) co_return;
        for (const auto* order : {&case_.thunderbird_guesses, &case_.deltachat_guesses}) {
            for (const PortTry& entry : *order)
                co_await add_guess(entry);
        }
        std::vector<ServerSetting> settings;
        for (const PublishedServer& guess : guesses_)
            settings.push_back(guess.setting);
        co_await visit_all(std::move(settings));
        std::ranges::move(guesses_, std::back_inserter(case_.servers));
    }

    /// What the provider's policy wants switched off may still answer where nobody publishes it: at the usual
    /// ports of the published servers and of the usual names.
    Task<void> visit_switched_off() {
        for (const auto& [rule, protocol] :
             {std::pair(IspRule::pop3, Protocol::pop3), std::pair(IspRule::imap, Protocol::imap)}) {
            const IspDemand* wish = demand(rule);
            const bool named = std::ranges::any_of(case_.servers, [&](const PublishedServer& server) {
                return server.published() && server.setting.protocol == protocol;
            });
            if (wish == nullptr || wish->flag || named) continue;
            std::vector<ServerSetting> settings;
            for (const HostName& host : co_await hosts_to_try()) {
                for (const Security security : {Security::tls, Security::starttls})
                    settings.push_back({.protocol = protocol,
                                        .host = host,
                                        .port = usual_port(protocol, security),
                                        .security = security,
                                        .source = "policy"});
            }
            co_await visit_all(std::move(settings));
        }
    }

    /// The hosts of the published servers, and the usual names that exist.
    Task<std::vector<HostName>> hosts_to_try() {
        constexpr std::size_t most = 8;
        std::vector<HostName> hosts;
        const auto add = [&](const HostName& host) {
            if (hosts.size() < most && std::ranges::find(hosts, host) == hosts.end()) hosts.push_back(host);
        };
        for (const PublishedServer& server : case_.servers)
            if (role_of(server.setting.protocol) == Role::incoming) add(server.setting.host);
        for (const char* label : {"pop.", "pop3.", "imap.", "mail."}) {
            const auto host = HostName::from(label + input_.email.domain.text());
            if (!host) continue;
            const auto found = co_await input_.context->resolver->addresses(*host, input_.context->deadline);
            if (!found.addresses.empty()) add(*host);
        }
        co_return hosts;
    }

    bool takes_no_mail() const {
        return std::ranges::any_of(case_.observations, [](const Observation& seen) {
            return seen.dns && seen.dns->type == RecordType::mx && seen.dns->mx.size() == 1 &&
                   seen.dns->mx.front().exchange.empty();
        });
    }

    Task<void> add_guess(PortTry entry) {
        const auto host = HostName::from(entry.host);
        if (!host || entry.security == Security::none || entry.port.number() == 25 ||
            guesses_.size() >= max_guesses)
            co_return;
        ServerSetting setting{.protocol = entry.protocol,
                              .host = *host,
                              .port = entry.port,
                              .security = entry.security,
                              .source = "guess"};
        const auto same = [&](const PublishedServer& s) {
            return s.setting.host == *host && s.setting.port == entry.port &&
                   s.setting.protocol == entry.protocol && s.setting.security == entry.security;
        };
        if (std::ranges::any_of(case_.servers, same) || std::ranges::any_of(guesses_, same)) co_return;
        const auto found = co_await input_.context->resolver->addresses(*host, input_.context->deadline);
        if (!found.addresses.empty())
            guesses_.push_back({.setting = std::move(setting), .sources = {"guess"}});
    }

    /// Records are shared by settings and domains: each DNS answer counts once here.
    void keep(Observation seen) {
        if (seen.dns) {
            const bool known = std::ranges::any_of(case_.observations, [&](const Observation& other) {
                return other.dns && other.dns->name == seen.dns->name && other.dns->type == seen.dns->type;
            });
            if (known) return;
        }
        seen.id = case_.observations.size();
        case_.observations.push_back(std::move(seen));
    }

    Task<void> look_at_resolver() {
        const bool dead = std::ranges::any_of(case_.observations, [](const Observation& seen) {
            return seen.dns && seen.dns->detail == "resolver-unreachable";
        });
        if (dead) keep(co_await probe::has_route(input_.context, input_.resolver_addresses));
    }

    Task<Validation> conclude() {
        case_.cancelled = co_await async::cancelled();
        case_.out_of_time = input_.context->deadline.passed();
        const std::int64_t started = case_.now;
        Validation result = diagnose::judge_validation(std::move(case_), input_.pack);
        result.report.version = std::string(version());
        result.report.started = started;
        result.report.duration = input_.context->since_began();
        add_publication(input_.email.domain, result.report);
        add_told(result);
        if (input_.policy) result.policy = diagnose::judge_isp_policy(*input_.policy, result);
        co_return result;
    }

    void add_told(Validation& result) const {
        Report& report = result.report;
        std::string resolvers;
        for (const IpAddress& address : input_.resolver_addresses)
            resolvers += (resolvers.empty() ? "" : ", ") + address.text();
        if (!resolvers.empty())
            report.told.push_back(
                {.who = "name server " + resolvers, .what = "the names of the domain and its servers"});
        report.told.insert(report.told.end(), discovery_.told.begin(), discovery_.told.end());
        if (result.mail) {
            const BimiFacts& bimi = result.mail->bimi;
            for (const PolicyRecord* file : {&bimi.picture, &bimi.certificate}) {
                const auto url = http::parse_url(file->place);
                if (url && file->state != PolicyRecord::State::unknown)
                    report.told.push_back({.who = "web server " + url->host.text(),
                                           .what = "that somebody looks at the domain's logo"});
            }
        }
        report.told.push_back({.who = "the mail servers of " + input_.email.domain.text(),
                               .what = "that somebody connects; no address, no password"});
    }

    SurveyInput input_;
    Discovery discovery_{};
    diagnose::ValidationCase case_{};
    std::vector<PublishedServer> guesses_{};
};

}  // namespace

std::vector<TlsVersion> versions_to_ask(const std::shared_ptr<const IspPolicy>& policy) {
    const IspDemand* minimum = policy ? policy->find(IspRule::tls_minimum) : nullptr;
    return minimum == nullptr ? std::vector<TlsVersion>{} : versions_below(minimum->number);
}

Task<Validation> survey(SurveyInput input) {
    Survey survey(std::move(input));
    co_return co_await survey.run();
}

}  // namespace maildoctor::doctor
