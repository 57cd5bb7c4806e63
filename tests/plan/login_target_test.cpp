// Where a password may go, and with which user names.
#include "core/plan/login_target.h"

#include <catch2/catch.hpp>

#include "core/model/server_url.h"
#include "tests/support/observations.h"

using namespace maildoctor;
using namespace maildoctor::testing;
using plan::LoginTarget;
using plan::NoTarget;
using Names = std::vector<std::string>;

namespace {

const EmailAddress email{.local = "kim", .domain = host("example.test")};

Request asking(std::string_view incoming = {}) {
    Request request;
    request.email = email;
    if (!incoming.empty()) request.incoming = *parse_server_url(incoming);
    return request;
}

Observation imap_at(std::string_view name, std::string source = "guess") {
    return healthy(name, 993, Protocol::imap, Security::tls, Role::incoming, std::move(source));
}

std::string host_of(const std::optional<std::variant<LoginTarget, NoTarget>>& found) {
    if (!found) return "open";
    const auto* target = std::get_if<LoginTarget>(&*found);
    return target == nullptr ? "none" : target->setting.host.text();
}

Observation srv_answer(const std::string& target, Dnssec dnssec) {
    Observation seen = dns("_imaps._tcp.example.test", RecordType::srv, DnsStatus::found);
    seen.dns->srv.push_back({.port = 993, .target = target});
    seen.dns->dnssec = dnssec;
    return seen;
}

}  // namespace

TEST_CASE("user forms: the given name first, each form once", "[plan][login]") {
    CHECK(plan::user_forms("", email) == Names{"kim@example.test", "kim"});
    CHECK(plan::user_forms("kim", email) == Names{"kim", "kim@example.test"});
    CHECK(plan::user_forms("kim@example.test", email) == Names{"kim@example.test", "kim"});
    CHECK(plan::user_forms("k1234", email) == Names{"k1234"});
    CHECK(plan::user_forms("k1234", std::nullopt) == Names{"k1234"});
    CHECK(plan::user_forms("", std::nullopt).empty());
}

TEST_CASE("login target: the typed server as soon as its dialog works", "[plan][login]") {
    const Request typed = asking("imap://imap.elsewhere.test:993");
    CHECK(host_of(plan::login_target(Role::incoming, typed, {imap_at("imap.elsewhere.test", "typed")}, false,
                                     false)) == "imap.elsewhere.test");
    CHECK(host_of(plan::login_target(Role::incoming, typed, {}, false, false)) == "open");
    CHECK(host_of(plan::login_target(Role::incoming, typed, {}, false, true)) == "none");
}

TEST_CASE("login target: no bad certificate gets the password unless the user says so", "[plan][login]") {
    const Request typed = asking("imap://imap.elsewhere.test:993");
    Observation bad = imap_at("imap.elsewhere.test", "typed");
    bad.tls->verified = false;
    CHECK(host_of(plan::login_target(Role::incoming, typed, {bad}, false, true)) == "none");
    CHECK(host_of(plan::login_target(Role::incoming, typed, {bad}, true, false)) == "imap.elsewhere.test");
}

TEST_CASE("login target: without encryption only when the user says so", "[plan][login]") {
    const Request typed = asking("imap://imap.elsewhere.test:143?security=none");
    Observation plain =
        dialog("imap.elsewhere.test", 143, Protocol::imap, Security::starttls, Role::incoming, "typed");
    connected_to(plain);
    plain.mail = MailFacts{.service = Service::imap, .greeting_ok = true, .capabilities_known = true};
    const auto refused = plan::login_target(Role::incoming, typed, {plain}, false, false);
    REQUIRE(host_of(refused) == "none");
    CHECK(std::get<NoTarget>(*refused).because.contains("--allow-insecure-login"));
    CHECK(host_of(plan::login_target(Role::incoming, typed, {plain}, true, false)) == "imap.elsewhere.test");
}

TEST_CASE("login target: a server that was found has to be plainly the account's own", "[plan][login]") {
    const auto login_at = [](const std::vector<Observation>& seen) {
        return host_of(plan::login_target(Role::incoming, asking(), seen, false, true));
    };
    CHECK(login_at({imap_at("imap.example.test")}) == "imap.example.test");
    CHECK(login_at({imap_at("imap.provider.test", "provider")}) == "imap.provider.test");
    CHECK(login_at({imap_at("imap.stranger.test")}) == "none");
    CHECK(login_at({imap_at("notexample.test")}) == "none");
    CHECK(login_at({imap_at("mail.example.tset", "typo")}) == "none");
    CHECK(login_at({srv_answer("imap.hoster.test", Dnssec::insecure), imap_at("imap.hoster.test", "srv")}) ==
          "none");
    CHECK(login_at({srv_answer("imap.hoster.test", Dnssec::secure), imap_at("imap.hoster.test", "srv")}) ==
          "imap.hoster.test");
    // Bad certificates never, whatever the user said: nobody typed this server.
    Observation bad = imap_at("imap.example.test");
    bad.tls->verified = false;
    CHECK(host_of(plan::login_target(Role::incoming, asking(), {bad}, true, true)) == "none");
}

TEST_CASE("login target: a server that was not asked gets no password", "[plan][login]") {
    // A pasted text named a server on this computer: it was kept from being asked, so nothing can log in.
    Observation kept = dialog("localhost", 993, Protocol::imap, Security::tls, Role::incoming, "typed");
    kept.failure = Failure{.stage = Stage::connect, .kind = FailureKind::not_possible};
    Request request = asking("imap://localhost:993");
    request.only_typed = true;
    CHECK(host_of(plan::login_target(Role::incoming, request, {kept}, true, true)) == "none");
}
