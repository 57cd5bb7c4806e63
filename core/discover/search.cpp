#include "core/discover/search.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "core/async/when_all.h"
#include "core/discover/document.h"
#include "core/discover/lookup_plan.h"
#include "core/discover/pacc.h"
#include "core/model/markup.h"
#include "core/model/srv_services.h"
#include "core/model/text.h"
#include "core/names/names.h"

namespace maildoctor::discover {
namespace {

using Outcome = SourceAnswer::Outcome;

constexpr std::size_t max_detail = 300;
constexpr int max_forwards = 3;  // Autodiscover answers that send on

/// What all questions of one search share.
struct Search {
    std::shared_ptr<dns::Resolver> resolver;
    std::shared_ptr<const http::Transport> transport;
    EmailAddress email;
    SearchOptions options;
    Deadline deadline;
};
using SearchPtr = std::shared_ptr<const Search>;

struct Place {
    std::string source;
    std::string step;
    std::string url;
    DocumentFormat format{DocumentFormat::autoconfig};
    bool third_party{false};
    bool pointer{false};      ///< Autodiscover in JSON, which tells where the answer in XML is
    bool web_site{false};     ///< the host is there for other things, too: its pages and faults say nothing
    bool told_openly{false};  ///< the address came over plain HTTP: anybody may have put it there
};

bool has_servers(const PublishedDocument& document) {
    return !document.settings.incoming.empty() || !document.settings.outgoing.empty();
}

std::string host_in(const std::string& url) {
    const auto parsed = http::parse_url(url);
    return parsed ? parsed->host.text() : std::string();
}

bool looks_like_page(const http::Response& response) {
    const std::string_view body = trimmed(response.body);
    const std::string begin = upper_case(body.substr(0, 15));
    return upper_case(response.content_type).starts_with("TEXT/HTML") ||
           begin.starts_with("<!DOCTYPE HTML") || begin.starts_with("<HTML");
}

/// A fetch that brought no response.
void judge_failure(const http::Answer& got, SourceAnswer& answer) {
    const Failure& failure = *got.failure;
    answer.failure = failure;
    answer.detail =
        cleaned(failure.text.empty() ? std::string(word(failure.kind)) : failure.text, max_detail);
    switch (got.refusal) {
        case http::Refusal::leaves_https:
            answer.leaves_https = true;
            answer.outcome = Outcome::faulty;
            return;
        case http::Refusal::too_many_redirects:
        case http::Refusal::bad_certificate:
            answer.outcome = Outcome::faulty;
            return;
        case http::Refusal::redirect:
        case http::Refusal::bad_url:
            answer.outcome = Outcome::nothing;
            return;
        case http::Refusal::local_address:
            answer.outcome = Outcome::unreachable;
            return;
        case http::Refusal::none:
            break;
    }
    const bool no_name =
        failure.stage == Stage::dns_lookup && (failure.text == "nxdomain" || failure.text == "no-address");
    if (no_name) {
        answer.outcome = Outcome::nothing;
    } else if (failure.stage == Stage::http &&
               (failure.kind == FailureKind::too_large || failure.kind == FailureKind::bad_syntax)) {
        answer.outcome = Outcome::faulty;
    } else {
        answer.outcome = Outcome::unreachable;
    }
}

/// What a response without a document says. @return whether there is a document
bool is_document(const http::Response& response, SourceAnswer& answer) {
    answer.outcome = Outcome::nothing;
    if (response.status != 200) {
        answer.detail = response.status == 401
                            ? "HTTP 401: it asks for a login"
                            : "HTTP " + std::to_string(response.status) + " " + response.reason;
    } else if (trimmed(response.body).empty()) {
        answer.detail = "the answer is empty";
    } else if (looks_like_page(response)) {
        answer.detail = "a web page in place of the document";
        answer.outcome = Outcome::faulty;
        answer.not_of_mail = true;
    } else {
        return true;
    }
    return false;
}

/// The JSON form of Autodiscover: an address to ask, or an error, which comes with HTTP 400.
void judge_pointer(const http::Response& response, SourceAnswer& answer) {
    if (response.status != 400 && !is_document(response, answer)) return;
    const AutodiscoverPointer pointer = read_autodiscover_pointer(response.body);
    answer.outcome = Outcome::nothing;
    answer.document.redirect_url = pointer.url;
    answer.detail = pointer.url.empty() ? pointer.error : "it sends on to " + pointer.url;
}

void judge_response(const Place& place, const EmailAddress& email, const http::Response& response,
                    SourceAnswer& answer) {
    if (!is_document(response, answer)) return;
    answer.document = read_document(place.format, response.body, email);
    const PublishedDocument& document = answer.document;
    if (has_servers(document)) {
        answer.outcome = Outcome::settings;
    } else if (!document.redirect_url.empty()) {
        answer.detail = "it sends on to " + document.redirect_url;
    } else if (!document.redirect_address.empty()) {
        answer.detail = "it sends on to " + document.redirect_address;
    } else if (document.exchange) {
        answer.detail = "Exchange only";
    } else if (!document.faults.empty() && document.faults.front().kind == "error-response") {
        answer.detail = document.faults.front().text;
    } else {
        answer.outcome = Outcome::faulty;
    }
    if (answer.detail.empty() && !document.faults.empty()) {
        const DocumentFault& fault = document.faults.front();
        answer.detail = (fault.line == 0 ? "" : "line " + std::to_string(fault.line) + ": ") + fault.text;
    }
}

/// Where an Autodiscover answer sends on to, if it may be asked.
std::optional<std::string> forward_of(const Search& search, const Place& place, const SourceAnswer& answer) {
    const auto next = http::parse_url(answer.document.redirect_url);
    if (place.format != DocumentFormat::autodiscover || !next || !next->https) return std::nullopt;
    const auto base = names::registered_domain(next->host),
               own = names::registered_domain(search.email.domain);
    if (base != own && !search.options.third_parties) return std::nullopt;
    return next->text();
}

Task<SourceAnswer> ask(SearchPtr search, Place place) {
    SourceAnswer answer;
    std::string url = place.url;
    for (int forwards = 0; forwards <= max_forwards; ++forwards) {
        answer = SourceAnswer{.source = place.source,
                              .step = place.step,
                              .place = url,
                              .host = host_in(url),
                              .third_party = place.third_party};
        http::Query query{.url = url};
        if (place.format == DocumentFormat::autodiscover && !place.pointer) {
            query.body = autodiscover_question(search->email);
            query.content_type = "text/xml; charset=utf-8";
        }
        http::Answer got = co_await http::fetch(search->transport, std::move(query), search->deadline);
        answer.trusted = got.https && got.response.has_value() && !place.told_openly;
        answer.tls = std::move(got.tls);
        answer.asked = got.response || (got.failure && got.failure->stage == Stage::http);
        if (got.failure) {
            judge_failure(got, answer);
            answer.not_of_mail = answer.outcome == Outcome::faulty;
            break;
        }
        if (place.pointer)
            judge_pointer(*got.response, answer);
        else
            judge_response(place, search->email, *got.response, answer);
        const auto next = forward_of(*search, place, answer);
        if (!next) break;
        url = *next;
        place.pointer = false;
    }
    if (place.web_site && answer.outcome == Outcome::faulty && answer.not_of_mail)
        answer.outcome = Outcome::nothing;
    for (auto* side : {&answer.document.settings.incoming, &answer.document.settings.outgoing})
        for (ServerSetting& server : *side)
            server.source = place.source;
    if (search->options.on_answer) search->options.on_answer(answer);
    co_return answer;
}

/// Whether the address may be asked with the account's name although nothing vouches for it: it stays with
/// the domain, or leads to Microsoft, where Outlook does not ask the person either.
bool may_follow_openly(const Search& search, const http::Url& next) {
    if (search.options.follow_any_redirect) return true;
    const auto base = names::registered_domain(next.host),
               own = names::registered_domain(search.email.domain);
    if (!base || !own) return next.host.is_within(search.email.domain);
    return *base == *own || base->text() == "office365.com" || base->text() == "outlook.com";
}

/// Outlook's step over plain HTTP ([MS-OXDISCO] section 3.1.5.4): a bare GET, of which only a redirect to
/// HTTPS counts.
Task<SourceAnswer> ask_openly(SearchPtr search, Place place) {
    SourceAnswer answer{
        .source = place.source, .step = place.step, .place = place.url, .host = host_in(place.url)};
    http::Query query{.url = place.url, .follow_redirects = false};
    const http::Answer got = co_await http::fetch(search->transport, std::move(query), search->deadline);
    answer.asked = got.response || (got.failure && got.failure->stage == Stage::http);
    if (got.failure) {
        judge_failure(got, answer);
        answer.not_of_mail = answer.outcome == Outcome::faulty;
        co_return answer;
    }
    const auto base = http::parse_url(place.url);
    const std::string& location = got.response->location;
    const bool redirect = got.response->status == 301 || got.response->status == 302;
    const auto next = redirect && base ? http::resolve(*base, location) : std::nullopt;
    if (!next || !next->https) {
        answer.detail = redirect ? "it redirects to " + cleaned(location, max_detail) + ", which is no HTTPS"
                                 : "no redirect to HTTPS, and nothing else counts there";
        co_return answer;
    }
    answer.document.redirect_url = next->text();
    answer.detail = "it sends on to " + next->text();
    if (!may_follow_openly(*search, *next)) {
        answer.detail += ", which was not asked: programs ask the person first";
        co_return answer;
    }
    place.url = next->text();
    place.told_openly = true;
    co_return co_await ask(search, std::move(place));
}

bool is_failure(const DnsFacts& facts) {
    return facts.status != DnsStatus::found && facts.status != DnsStatus::no_such_name &&
           facts.status != DnsStatus::no_data;
}

/// PACC: the document counts only when its digest stands in DNS, and is never redirected.
Task<SourceAnswer> ask_pacc(SearchPtr search, Place place) {
    const std::string name = "_ua-auto-config." + search->email.domain.text();
    const DnsFacts record = co_await search->resolver->lookup(name, RecordType::txt, search->deadline);
    SourceAnswer answer{.source = place.source, .place = place.url, .host = host_in(place.url)};
    http::Query query{.url = place.url};
    http::Answer got = co_await http::fetch(search->transport, std::move(query), search->deadline);
    answer.tls = std::move(got.tls);
    answer.asked = got.response || (got.failure && got.failure->stage == Stage::http);
    if (got.failure) {
        judge_failure(got, answer);
        answer.not_of_mail = answer.outcome == Outcome::faulty;
        co_return answer;
    }
    judge_response(place, search->email, *got.response, answer);
    if (answer.not_of_mail || (answer.outcome != Outcome::settings && answer.outcome != Outcome::faulty))
        co_return answer;
    const PaccDigest digest = check_pacc_digest(record.texts, got.response->body);
    if (!got.redirects.empty() || digest != PaccDigest::matches) {
        const bool unknown = digest == PaccDigest::missing && is_failure(record);
        answer.outcome = unknown ? Outcome::unreachable : Outcome::faulty;
        answer.document = {};
        answer.detail = !got.redirects.empty() ? "programs do not follow the redirect that stands there"
                        : digest == PaccDigest::differs
                            ? "the digest in the TXT record " + name + " is of other octets"
                        : unknown ? "the TXT record " + name + " cannot be asked for"
                                  : "the TXT record " + name + " with the digest is missing";
    }
    answer.trusted = answer.outcome == Outcome::settings;
    if (search->options.on_answer) search->options.on_answer(answer);
    co_return answer;
}

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

std::string autodiscover_question(const EmailAddress& email) {
    return R"(<?xml version="1.0" encoding="utf-8"?>)"
           R"(<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006">)"
           "<Request><EMailAddress>" +
           markup_escaped(email.text()) +
           "</EMailAddress><AcceptableResponseSchema>"
           "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"
           "</AcceptableResponseSchema></Request></Autodiscover>";
}

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
