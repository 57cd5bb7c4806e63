#include "core/discover/lookup_plan.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "core/names/email.h"

using namespace maildoctor;
using discover::plan_lookup;

namespace {

const EmailAddress email = *names::parse_email("test@domain.example");

std::vector<std::string> urls(const LookupOptions& options) {
    std::vector<std::string> all;
    for (const PlannedUrl& step : plan_lookup(email, options).urls)
        all.push_back(step.url);
    return all;
}

using Urls = std::vector<std::string>;

}  // namespace

TEST_CASE("lookup plan: K-9 asks HTTPS, HTTP, the database, the MX host's domains", "[discover]") {
    const std::string query = "?emailaddress=test%40domain.example";
    CHECK(urls({.style = LookupStyle::k9, .mx = HostName::from("mx.eu.provider.example")}) ==
          Urls{"https://autoconfig.domain.example/mail/config-v1.1.xml" + query,
               "https://domain.example/.well-known/autoconfig/mail/config-v1.1.xml" + query,
               "http://autoconfig.domain.example/mail/config-v1.1.xml" + query,
               "http://domain.example/.well-known/autoconfig/mail/config-v1.1.xml" + query,
               "https://autoconfig.thunderbird.net/v1.1/domain.example",
               "https://autoconfig.eu.provider.example/mail/config-v1.1.xml" + query,
               "https://autoconfig.thunderbird.net/v1.1/eu.provider.example",
               "https://autoconfig.provider.example/mail/config-v1.1.xml" + query,
               "https://autoconfig.thunderbird.net/v1.1/provider.example"});
    CHECK(urls({.style = LookupStyle::k9,
                .https_only = true,
                .include_address = false,
                .third_parties = false}) ==
          Urls{"https://autoconfig.domain.example/mail/config-v1.1.xml",
               "https://domain.example/.well-known/autoconfig/mail/config-v1.1.xml"});
}

TEST_CASE("lookup plan: an MX host of the own domain is nothing new", "[discover]") {
    for (const LookupStyle style : {LookupStyle::k9, LookupStyle::thunderbird, LookupStyle::own})
        CHECK(urls({.style = style, .mx = HostName::from("mx.domain.example")}) == urls({.style = style}));
}

TEST_CASE("lookup plan: our own order sends no address over HTTP nor to third parties", "[discover]") {
    for (const PlannedUrl& step : plan_lookup(email, {.mx = HostName::from("mx.provider.example")}).urls) {
        CAPTURE(step.url);
        if (step.url.starts_with("http://") || step.third_party)
            CHECK(step.url.find("test") == std::string::npos);
    }
}

TEST_CASE("lookup plan: what is put into an address is encoded", "[discover]") {
    const auto odd = *names::parse_email("a+b&c=d#e@domain.example");
    const auto plan = plan_lookup(odd, {.style = LookupStyle::deltachat});
    CHECK(plan.urls.front().url ==
          "https://autoconfig.domain.example/mail/"
          "config-v1.1.xml?emailaddress=a%2Bb%26c%3Dd%23e%40domain.example");
    CHECK(plan.urls[1].url == "https://domain.example/.well-known/autoconfig/mail/config-v1.1.xml");
}

TEST_CASE("lookup plan: ports are tried on one host as Thunderbird does", "[discover]") {
    const auto tries = [](LookupOptions options) {
        options.style = LookupStyle::thunderbird;
        return plan_lookup(email, options).tries;
    };
    const auto one = [](Protocol protocol, Security security, int port) {
        return PortTry{"", protocol, security, *Port::from(port)};
    };
    CHECK(tries({.protocol = Protocol::imap}) == std::vector{one(Protocol::imap, Security::starttls, 143),
                                                             one(Protocol::imap, Security::tls, 993),
                                                             one(Protocol::imap, Security::none, 143)});
    CHECK(tries({.protocol = Protocol::pop3, .security = Security::tls}) ==
          std::vector{one(Protocol::pop3, Security::tls, 995)});
    CHECK(tries({.protocol = Protocol::pop3, .port = Port::from(31337)}) ==
          std::vector{one(Protocol::pop3, Security::starttls, 31337),
                      one(Protocol::pop3, Security::tls, 31337), one(Protocol::pop3, Security::none, 31337)});
    CHECK(tries({.protocol = Protocol::smtp}) ==
          std::vector{one(Protocol::smtp, Security::starttls, 587),
                      one(Protocol::smtp, Security::starttls, 25), one(Protocol::smtp, Security::tls, 465),
                      one(Protocol::smtp, Security::none, 587), one(Protocol::smtp, Security::none, 25)});
    CHECK(tries({.protocol = Protocol::smtp, .security = Security::starttls, .port = Port::from(2525)}) ==
          std::vector{one(Protocol::smtp, Security::starttls, 2525)});
    CHECK(tries({}).size() == 6 + 5);
}

TEST_CASE("lookup plan: all guesses, encrypted first, IMAP before POP3, implicit TLS before STARTTLS",
          "[discover]") {
    const auto guesses = plan_lookup(email, {.style = LookupStyle::thunderbird}).guesses;
    REQUIRE(guesses.size() == 21 + 15);
    const auto imap = [](const char* host, Security security, int port) {
        return PortTry{host, Protocol::imap, security, *Port::from(port)};
    };
    CHECK(guesses[0] == imap("imap.domain.example", Security::tls, 993));
    CHECK(guesses[2] == imap("domain.example", Security::tls, 993));
    CHECK(guesses[3] == imap("imap.domain.example", Security::starttls, 143));
    CHECK(guesses[20].security == Security::none);
    CHECK(guesses[21].port.number() == 465);
    CHECK(guesses[24].port.number() == 587);
    CHECK(guesses[25].port.number() == 25);
    CHECK(plan_lookup(email, {.style = LookupStyle::k9}).guesses.empty());
}
