// Which servers are asked to pass on mail for strangers.
#include "core/plan/relay_target.h"

#include <catch2/catch.hpp>

#include "core/model/server_url.h"
#include "core/plan/planner.h"
#include "tests/support/observations.h"

using namespace maildoctor;
using namespace maildoctor::testing;
using plan::NoTarget;
using plan::RelayTarget;

namespace {

Request asking() {
    Request request;
    request.email = EmailAddress{.local = "user", .domain = host("example.test")};
    return request;
}

Request one_server(std::string_view name, int number, Security security = Security::starttls) {
    Request request;
    request.only_typed = true;
    request.relay.scope = RelayScope::full;
    request.relay.server = ServerSetting{
        .protocol = Protocol::smtp, .host = host(name), .port = port(number), .security = security};
    return request;
}

const RelayTarget* target(const std::optional<std::variant<RelayTarget, NoTarget>>& found) {
    return found ? std::get_if<RelayTarget>(&*found) : nullptr;
}

std::vector<Observation> exchangers() {
    return {healthy("mx1.example.test", 25, Protocol::smtp, Security::starttls, Role::mx, "mx"),
            healthy("mx2.example.test", 25, Protocol::smtp, Security::starttls, Role::mx, "mx")};
}

}  // namespace

TEST_CASE("relay target: the first exchanger that answers, with the account's domain", "[plan][relay]") {
    auto seen = exchangers();
    seen[0].mail->greeting_ok = false;
    const auto found = plan::relay_target(Role::mx, asking(), seen, false);
    const RelayTarget* const mx = target(found);
    REQUIRE(mx != nullptr);
    CHECK(mx->setting.host.text() == "mx2.example.test");
    CHECK(mx->own_domain == "example.test");
    CHECK(mx->role == Role::mx);
    CHECK_FALSE(plan::relay_target(Role::mx, asking(), {}, false));
    const auto none = plan::relay_target(Role::mx, asking(), {}, true);
    REQUIRE(none);
    CHECK(std::holds_alternative<NoTarget>(*none));
}

TEST_CASE("relay target: the typed outgoing server, encrypted or not", "[plan][relay]") {
    Request request = asking();
    request.outgoing = *parse_server_url("smtp://smtp.elsewhere.test:587?security=none");
    auto typed = healthy("smtp.elsewhere.test", 587, Protocol::smtp, Security::starttls, Role::outgoing);
    typed.tls->verified = false;  // a relay test keeps no secret
    const auto found = plan::relay_target(Role::outgoing, request, {typed}, false);
    REQUIRE(target(found) != nullptr);
    CHECK(target(found)->setting.host.text() == "smtp.elsewhere.test");
    CHECK(target(found)->own_domain == "example.test");
}

TEST_CASE("relay target: a server that was found has to be plainly the account's own", "[plan][relay]") {
    const auto theirs =
        healthy("smtp.stranger.test", 587, Protocol::smtp, Security::starttls, Role::outgoing, "srv");
    CHECK(target(plan::relay_target(Role::outgoing, asking(), {theirs}, true)) == nullptr);
    const auto own =
        healthy("smtp.example.test", 587, Protocol::smtp, Security::starttls, Role::outgoing, "guess");
    CHECK(target(plan::relay_target(Role::outgoing, asking(), {theirs, own}, true)) != nullptr);
    CHECK_FALSE(plan::relay_target(Role::outgoing, asking(), {own}, false));
}

TEST_CASE("relay target: the one server that was named, in the role of its port", "[plan][relay]") {
    const auto mx = healthy("mx.example.co.uk", 25, Protocol::smtp, Security::starttls, Role::mx);
    const Request request = one_server("mx.example.co.uk", 25);
    const auto found = plan::relay_target(Role::mx, request, {mx}, false);
    REQUIRE(target(found) != nullptr);
    CHECK(target(found)->own_domain == "example.co.uk");
    CHECK(target(plan::relay_target(Role::outgoing, request, {mx}, false)) == nullptr);
    Request told = request;
    told.relay.domain = host("mail.test");
    CHECK(target(plan::relay_target(Role::mx, told, {mx}, false))->own_domain == "mail.test");
    CHECK_FALSE(plan::relay_target(Role::mx, request, {}, false));
    CHECK(plan::relay_role(port(465)) == Role::outgoing);
    CHECK(plan::relay_domain({}, host("192.0.2.7")).empty());
}

TEST_CASE("plan: of a relay test's server one port is visited and nothing else", "[plan][relay]") {
    plan::Planner planner(one_server("mx.example.test", 587), {});
    const auto first = planner.next({}, false);
    REQUIRE(first.size() == 1);
    CHECK(std::get<plan::Lookup>(first[0]).name == "mx.example.test");
    const auto seen = addresses("mx.example.test", {"192.0.2.7"}, "typed");
    const auto second = planner.next(seen, false);
    REQUIRE(second.size() == 1);
    CHECK(std::get<plan::Visit>(second[0]).port == port(587));
    CHECK(planner.next(seen, true).empty());
}
