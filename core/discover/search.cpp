#include "core/discover/search.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "core/async/when_all.h"
#include "core/discover/lookup_plan.h"
#include "core/discover/search_places.h"
#include "core/model/srv_services.h"

namespace maildoctor::discover {
namespace {

using Outcome = SourceAnswer::Outcome;

/// By priority, then the heavier ones first: a program would pick by chance among equals (RFC 2782).
std::vector<SrvRecord> in_order(std::vector<SrvRecord> records) {
    std::ranges::sort(records, [](const SrvRecord& a, const SrvRecord& b) {
        return std::tie(a.priority, b.weight, a.target) < std::tie(b.priority, a.weight, b.target);
    });
    return records;
}

Task<SourceAnswer> ask_srv(SearchPtr search) {
    SourceAnswer answer{
        .source = "srv", .step = "srv", .place = "SRV records of " + search->email.domain.text()};
    std::vector<Task<DnsFacts>> lookups;
    for (const SrvService& service : srv_services) {
        const std::string name = std::string(service.label) + "." + search->email.domain.text();
        lookups.push_back(search->resolver->lookup(name, RecordType::srv, search->deadline));
    }
    const std::vector<DnsFacts> found = co_await async::when_all(std::move(lookups));
    for (std::size_t i = 0; i < srv_services.size(); ++i) {
        std::size_t taken = 0;
        for (const SrvRecord& record : in_order(found[i].srv)) {
            const auto host = HostName::from(record.target);
            const auto port = Port::from(record.port);
            if (!host || !port || taken++ >= search->options.srv_targets) continue;
            auto& settings = answer.document.settings;
            auto& side = srv_services[i].protocol == Protocol::smtp ? settings.outgoing : settings.incoming;
            side.push_back({.protocol = srv_services[i].protocol,
                            .host = *host,
                            .port = *port,
                            .security = srv_services[i].security,
                            .source = "srv"});
        }
        answer.trusted |= found[i].dnssec == Dnssec::secure;
    }
    answer.records = found;
    if (has_servers(answer.document)) {
        answer.outcome = Outcome::settings;
    } else if (const auto lost = std::ranges::find_if(found, is_failure); lost != found.end()) {
        answer.outcome = Outcome::unreachable;
        answer.detail = lost->detail;
    }
    co_return answer;
}

/// Where every name below the domain exists, a web server that answers for autoconfig.DOMAIN is no sign that
/// anything is published there.
Task<void> forgive_wildcards(SearchPtr search, std::shared_ptr<Discovery> found) {
    const auto counts = [](const SourceAnswer& answer) {
        const bool faulty = answer.outcome == Outcome::faulty && answer.not_of_mail;
        return !answer.third_party &&
               (faulty || (answer.outcome == Outcome::unreachable && !answer.host.empty()));
    };
    if (std::ranges::none_of(found->sources, counts)) co_return;
    const auto any_name = HostName::from("maildoctor-asks-for-any-name." + search->email.domain.text());
    if (!any_name) co_return;
    const auto addresses = co_await search->resolver->addresses(*any_name, search->deadline);
    if (addresses.addresses.empty()) co_return;
    for (SourceAnswer& answer : found->sources) {
        if (!counts(answer)) continue;
        answer.outcome = Outcome::nothing;
        answer.detail += " (every name below the domain leads somewhere)";
    }
}

Task<SourceAnswer> ask_autodiscover_srv(SearchPtr search) {
    const std::string name = "_autodiscover._tcp." + search->email.domain.text();
    const DnsFacts facts = co_await search->resolver->lookup(name, RecordType::srv, search->deadline);
    for (const SrvRecord& record : in_order(facts.srv)) {
        if (record.target.empty() || record.port != 443) continue;
        co_return co_await ask(search,
                               Place{.source = "autodiscover",
                                     .step = "autodiscover-srv",
                                     .url = "https://" + record.target + "/autodiscover/autodiscover.xml",
                                     .format = DocumentFormat::autodiscover});
    }
    co_return SourceAnswer{.source = "autodiscover", .step = "autodiscover-srv", .place = name};
}

std::string_view source_of(const PlannedUrl& step) {
    if (step.stage == "mx") return "mx-autoconfig";
    const bool open = step.url.starts_with("http://");
    if (step.stage == "autodiscover" && open) return "autodiscover-http";
    if (step.stage != "provider") return step.stage;
    return open ? "autoconfig-http" : "autoconfig";
}

/// SourceAnswer::step of a planned address.
std::string step_of(const PlannedUrl& planned) {
    if (planned.stage == "mx" || planned.stage == "ispdb" || planned.stage == "pacc") return planned.stage;
    if (planned.stage == "autodiscover" && planned.url.starts_with("http://")) return "autodiscover-http";
    if (planned.stage == "autodiscover" && planned.method == "GET") return "autodiscover-json";
    if (planned.stage == "autodiscover")
        return planned.url.starts_with("https://autodiscover.") ? "autodiscover-sub" : "autodiscover-root";
    const bool well_known = planned.url.find("/.well-known/") != std::string::npos;
    return std::string(well_known ? "well-known" : "autoconfig") +
           (planned.url.starts_with("http://") ? "-http" : "-https");
}

/// The planned addresses that this search can read.
std::vector<Place> places(const LookupPlan& plan, bool third_party) {
    std::vector<Place> out;
    for (const PlannedUrl& step : plan.urls) {
        const bool autodiscover = step.stage == "autodiscover", pacc = step.stage == "pacc";
        if (step.third_party != third_party) continue;
        out.push_back({.source = std::string(source_of(step)),
                       .step = step_of(step),
                       .url = step.url,
                       .format = autodiscover ? DocumentFormat::autodiscover
                                 : pacc       ? DocumentFormat::pacc
                                              : DocumentFormat::autoconfig,
                       .third_party = third_party,
                       .pointer = autodiscover && step.method == "GET" && step.url.starts_with("https://"),
                       .web_site = autodiscover || step.url.find("://autoconfig.") == std::string::npos});
    }
    return out;
}

int trust_of(const SourceAnswer& answer) {
    static constexpr std::array<std::string_view, 8> order = {
        "srv",   "autoconfig",    "autodiscover",    "pacc",
        "ispdb", "mx-autoconfig", "autoconfig-http", "autodiscover-http"};
    return static_cast<int>(std::ranges::find(order, answer.source) - order.begin());
}

void merge(const std::vector<ServerSetting>& from, std::vector<ServerSetting>& to) {
    for (const ServerSetting& server : from) {
        const bool known = std::ranges::any_of(to, [&](const ServerSetting& other) {
            return std::tie(other.protocol, other.host, other.port, other.security) ==
                   std::tie(server.protocol, server.host, server.port, server.security);
        });
        if (!known) to.push_back(server);
    }
}

void conclude(Discovery& found, const EmailAddress& email) {
    std::vector<SourceAnswer> sorted;
    for (int trust = 0; trust <= 8; ++trust)
        std::ranges::copy_if(found.sources, std::back_inserter(sorted),
                             [&](const SourceAnswer& answer) { return trust_of(answer) == trust; });
    found.sources = std::move(sorted);
    std::vector<std::string> named;
    for (const SourceAnswer& answer : found.sources) {
        if (answer.outcome == Outcome::settings) {
            merge(answer.document.settings.incoming, found.settings.incoming);
            merge(answer.document.settings.outgoing, found.settings.outgoing);
        }
        if (!answer.asked || std::ranges::find(named, answer.host) != named.end()) continue;
        named.push_back(answer.host);
        const bool address = !answer.third_party && !answer.place.starts_with("http://") &&
                             answer.source != "autoconfig-http" && answer.source != "pacc";
        found.told.push_back(
            {.who = "web server " + answer.host,
             .what = address ? "the e-mail address " + email.text() : "the domain " + email.domain.text()});
    }
}

}  // namespace

Task<Discovery> search(std::shared_ptr<dns::Resolver> resolver,
                       std::shared_ptr<const http::Transport> transport, EmailAddress email,
                       SearchOptions options, Deadline deadline) {
    const auto shared = std::make_shared<const Search>(
        Search{std::move(resolver), std::move(transport), std::move(email), std::move(options), deadline});
    LookupOptions order;
    std::vector<Task<SourceAnswer>> questions;
    questions.push_back(ask_srv(shared));
    for (Place& place : places(plan_lookup(shared->email, order), false))
        questions.push_back(place.format == DocumentFormat::pacc  ? ask_pacc(shared, std::move(place))
                            : place.source == "autodiscover-http" ? ask_openly(shared, std::move(place))
                                                                  : ask(shared, std::move(place)));
    questions.push_back(ask_autodiscover_srv(shared));
    const auto found = std::make_shared<Discovery>();
    found->sources = co_await async::when_all(std::move(questions));
    co_await forgive_wildcards(shared, found);
    const bool published = std::ranges::any_of(
        found->sources, [](const SourceAnswer& answer) { return answer.outcome == Outcome::settings; });
    if (!published && shared->options.third_parties && !deadline.passed()) {
        const DnsFacts mx =
            co_await shared->resolver->lookup(shared->email.domain.text(), RecordType::mx, deadline);
        if (!mx.mx.empty()) order.mx = HostName::from(mx.mx.front().exchange);
        std::vector<Task<SourceAnswer>> further;
        for (Place& place : places(plan_lookup(shared->email, order), true))
            further.push_back(ask(shared, std::move(place)));
        for (SourceAnswer& answer : co_await async::when_all(std::move(further)))
            found->sources.push_back(std::move(answer));
    }
    conclude(*found, shared->email);
    co_return std::move(*found);
}

}  // namespace maildoctor::discover
