#include "core/discover/search_places.h"

#include <utility>

#include "core/discover/document.h"
#include "core/discover/pacc.h"
#include "core/model/markup.h"
#include "core/model/text.h"
#include "core/names/email.h"
#include "core/names/names.h"

namespace maildoctor::discover {
namespace {

using Outcome = SourceAnswer::Outcome;

constexpr std::size_t max_detail = 300;
constexpr int max_forwards = 3;  // Autodiscover answers that send on

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

/// Whether the address may be asked with the account's name although nothing vouches for it: it stays with
/// the domain, or leads to Microsoft, where Outlook does not ask the person either.
bool may_follow_openly(const Search& search, const http::Url& next) {
    if (search.options.follow_any_redirect) return true;
    const auto base = names::registered_domain(next.host),
               own = names::registered_domain(search.email.domain);
    if (!base || !own) return next.host.is_within(search.email.domain);
    return *base == *own || base->text() == "office365.com" || base->text() == "outlook.com";
}

/// Autodiscover for another address (RedirectAddr): its domain is asked as if it had been typed. Twice at
/// most.
Task<SourceAnswer> follow_address(SearchPtr search, Place place, SourceAnswer sent_on) {
    constexpr int most_addresses = 2;
    auto email = names::parse_email(sent_on.document.redirect_address);
    if (!email || search->addresses_followed >= most_addresses) co_return sent_on;
    const bool own =
        names::registered_domain(email->domain) == names::registered_domain(search->email.domain);
    if (!own && !search->options.third_parties) co_return sent_on;
    auto again = std::make_shared<Search>(*search);
    again->email = std::move(*email);
    ++again->addresses_followed;
    for (const char* prefix : {"autodiscover.", ""}) {
        place.url =
            std::string("https://") + prefix + again->email.domain.text() + "/autodiscover/autodiscover.xml";
        SourceAnswer answer = co_await ask(again, place);
        if (answer.outcome == Outcome::settings) co_return answer;
    }
    sent_on.detail += ", where nothing was found";
    co_return sent_on;
}

}  // namespace

bool has_servers(const PublishedDocument& document) {
    return !document.settings.incoming.empty() || !document.settings.outgoing.empty();
}

bool is_failure(const DnsFacts& facts) {
    return facts.status != DnsStatus::found && facts.status != DnsStatus::no_such_name &&
           facts.status != DnsStatus::no_data;
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
    if (!answer.document.redirect_address.empty() && answer.outcome != Outcome::settings)
        co_return co_await follow_address(search, place, std::move(answer));
    if (place.web_site && answer.outcome == Outcome::faulty && answer.not_of_mail)
        answer.outcome = Outcome::nothing;
    for (auto* side : {&answer.document.settings.incoming, &answer.document.settings.outgoing})
        for (ServerSetting& server : *side)
            server.source = place.source;
    if (search->options.on_answer) search->options.on_answer(answer);
    co_return answer;
}

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

std::string autodiscover_question(const EmailAddress& email) {
    return R"(<?xml version="1.0" encoding="utf-8"?>)"
           R"(<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006">)"
           "<Request><EMailAddress>" +
           markup_escaped(email.text()) +
           "</EMailAddress><AcceptableResponseSchema>"
           "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"
           "</AcceptableResponseSchema></Request></Autodiscover>";
}

}  // namespace maildoctor::discover
