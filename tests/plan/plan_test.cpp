// What is asked next, and that nothing is asked twice or without need.
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "core/model/server_url.h"
#include "core/plan/candidates.h"
#include "core/plan/planner.h"
#include "core/plan/typo.h"
#include "tests/support/observations.h"

using namespace maildoctor;
using namespace maildoctor::testing;
using plan::Planner;
using plan::Step;

namespace {

Request asking(std::string_view incoming = {}, std::string_view outgoing = {}) {
    Request request;
    request.email = EmailAddress{.local = "user", .domain = host("example.test")};
    if (!incoming.empty()) request.incoming = *parse_server_url(incoming);
    if (!outgoing.empty()) request.outgoing = *parse_server_url(outgoing);
    return request;
}

std::set<std::string> names(const std::vector<Step>& steps) {
    std::set<std::string> out;
    for (const Step& step : steps) {
        if (const auto* lookup = std::get_if<plan::Lookup>(&step)) out.insert(lookup->name);
        if (const auto* visit = std::get_if<plan::Visit>(&step))
            out.insert(visit->host.text() + ":" + std::to_string(visit->port.number()) +
                       (visit->start == Security::tls ? " tls" : " plain"));
        if (const auto* dane = std::get_if<plan::DaneQuestion>(&step))
            out.insert("tlsa " + dane->host.text() + ":" + std::to_string(dane->port.number()));
        if (const auto* mta_sts = std::get_if<plan::MtaStsQuestion>(&step))
            out.insert("mta-sts " + mta_sts->domain.text());
    }
    return out;
}

bool asks(const std::vector<Step>& steps, const std::string& what) {
    return names(steps).contains(what);
}

/// SRV answers for none of the services.
std::vector<Observation> no_srv() {
    std::vector<Observation> seen;
    for (const SrvService& service : srv_services)
        seen.push_back(
            dns(std::string(service.label) + ".example.test", RecordType::srv, DnsStatus::no_such_name));
    return seen;
}

}  // namespace

TEST_CASE("plan: starts with the names and asks each once", "[plan]") {
    Planner planner(asking("imap://mail.example.test:993"), {});
    const auto first = planner.next({}, true);
    CHECK(asks(first, "example.test"));
    CHECK(asks(first, "mail.example.test"));
    CHECK(asks(first, "_imaps._tcp.example.test"));
    CHECK(planner.next({}, false).empty());
}

TEST_CASE("plan: all ports of the typed host are asked at once", "[plan]") {
    Planner planner(asking("imap://mail.example.test:993", "smtp://mail.example.test:587"), {});
    planner.next({}, true);
    const auto steps = planner.next(story(addresses("mail.example.test", {"192.0.2.7"}, "typed")), false);
    for (const char* place :
         {"mail.example.test:993 tls", "mail.example.test:995 tls", "mail.example.test:143 plain",
          "mail.example.test:110 plain", "mail.example.test:587 plain", "mail.example.test:465 tls",
          "mail.example.test:25 plain", "mail.example.test:26 plain", "mail.example.test:2525 plain"}) {
        CAPTURE(place);
        CHECK(asks(steps, place));
    }
    CHECK(asks(steps, "tlsa mail.example.test:993"));
    CHECK(asks(steps, "tlsa mail.example.test:587"));
    CHECK(steps.size() == 11);
}

TEST_CASE("plan: published transport policy of the domain and its exchangers", "[plan][policy]") {
    Planner planner(asking(), {});
    planner.next({}, true);
    const auto seen = story(mx("example.test", {"mx.example.test", "lost.example.test"}),
                            addresses("mx.example.test", {"192.0.2.25"}, "mx"), missing("lost.example.test"));
    const auto steps = planner.next(seen, false);
    CHECK(asks(steps, "mta-sts example.test"));
    CHECK(asks(steps, "tlsa mx.example.test:25"));
    CHECK_FALSE(asks(steps, "tlsa lost.example.test:25"));
    CHECK_FALSE(asks(planner.next(seen, false), "mta-sts example.test"));
    Request pasted = asking("imap://mail.example.test:993");
    pasted.only_typed = true;
    Planner only_typed(pasted, {});
    only_typed.next({}, true);
    const auto few =
        only_typed.next(story(seen, addresses("mail.example.test", {"192.0.2.7"}, "typed")), false);
    CHECK_FALSE(asks(few, "mta-sts example.test"));
    CHECK_FALSE(asks(few, "tlsa mail.example.test:993"));
}

TEST_CASE("plan: an unusual mode is asked both ways", "[plan][tls.wrong-mode]") {
    Planner planner(asking("imap://mail.example.test:993?security=none"), {});
    planner.next({}, true);
    const auto steps = planner.next(story(addresses("mail.example.test", {"192.0.2.7"}, "typed")), false);
    CHECK(asks(steps, "mail.example.test:993 tls"));
    CHECK(asks(steps, "mail.example.test:993 plain"));
}

TEST_CASE("plan: published servers are asked, guessed names only without them", "[plan]") {
    auto srv = no_srv();
    srv[0].dns->status = DnsStatus::found;
    srv[0].dns->srv = {{.priority = 0, .weight = 1, .port = 993, .target = "in.provider.test"}};
    const auto seen =
        story(srv, addresses("in.provider.test", {"192.0.2.9"}, "srv"),
              addresses("imap.example.test", {"192.0.2.7"}), addresses("smtp.example.test", {"192.0.2.8"}));
    Planner planner(asking(), {});
    planner.next({}, true);
    const auto steps = planner.next(seen, false);
    CHECK(asks(steps, "in.provider.test:993 tls"));
    CHECK_FALSE(asks(steps, "imap.example.test:993 tls"));
    CHECK(asks(steps, "smtp.example.test:465 tls"));
}

TEST_CASE("plan: two names for one server are visited once", "[plan]") {
    Planner planner(asking(), {});
    planner.next({}, true);
    const auto steps = planner.next(story(no_srv(), addresses("mail.example.test", {"192.0.2.7"}),
                                          addresses("imap.example.test", {"192.0.2.7"})),
                                    false);
    CHECK(asks(steps, "mail.example.test:993 tls"));
    CHECK_FALSE(asks(steps, "imap.example.test:993 tls"));
}

TEST_CASE("plan: exchangers are visited on port 25, a null MX is not", "[plan]") {
    Planner planner(asking(), {});
    planner.next({}, true);
    CHECK(asks(planner.next(story(mx("example.test", {"mx.example.test"}),
                                  addresses("mx.example.test", {"192.0.2.25"}, "mx")),
                            false),
               "mx.example.test:25 plain"));
    Planner other(asking(), {});
    other.next({}, true);
    CHECK(other.next(story(mx("example.test", {""})), false).empty());
}

TEST_CASE("plan: a mistyped name is looked for among near ones, twenty at most",
          "[plan][dns.host-not-found]") {
    Planner planner(asking("imap://imao.example.test:993"), {.famous_hosts = {host("imap.example.tst")}});
    planner.next({}, true);
    const auto seen = story(missing("imao.example.test"));
    planner.next(seen, false);
    const auto steps = planner.next(seen, true);
    CHECK(steps.size() <= plan::max_typo_lookups);
    CHECK(asks(steps, "imap.example.tst"));
    const auto near =
        plan::near_names(host("imao.example.test"), {host("imap.example.test"), host("far.elsewhere.test")});
    REQUIRE_FALSE(near.empty());
    CHECK(near.front().text() == "imap.example.test");
    CHECK(near.size() <= plan::max_typo_lookups);
}

TEST_CASE("plan: silence on 25 is compared with other ports of the same host", "[plan][net.port-blocked]") {
    Planner planner(asking(), {});
    planner.next({}, true);
    const auto seen = story(
        mx("example.test", {"mx.example.test"}), addresses("mx.example.test", {"192.0.2.25"}, "mx"),
        failing_to_connect("mx.example.test", 25, Protocol::smtp, Role::mx, FailureKind::timed_out, "mx"));
    const auto steps = planner.next(seen, false);
    CHECK(std::ranges::any_of(steps, [](const Step& s) {
        return std::get_if<plan::Visit>(&s) != nullptr && std::get<plan::Visit>(s).connect_only;
    }));
}

TEST_CASE("plan: settled when both sides are known to work", "[plan]") {
    const Planner planner(asking("imap://mail.example.test:993"), {});
    const auto in = healthy("mail.example.test", 993, Protocol::imap, Security::tls, Role::incoming);
    const auto out = healthy("mail.example.test", 465, Protocol::smtp, Security::tls, Role::outgoing);
    CHECK_FALSE(planner.satisfied(story(in)));
    CHECK(planner.satisfied(story(in, out)));
}

TEST_CASE("plan: three hundred SRV records are not all followed", "[plan]") {
    auto srv = no_srv();
    srv[0].dns->status = DnsStatus::found;
    for (int i = 0; i < 300; ++i)
        srv[0].dns->srv.push_back({.priority = static_cast<std::uint16_t>(i),
                                   .port = 993,
                                   .target = "s" + std::to_string(i) + ".example.test"});
    CHECK(plan::srv_servers(host("example.test"), srv).size() <= 4);
}
