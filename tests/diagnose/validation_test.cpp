#include "core/diagnose/validation.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "core/diagnose/comparison.h"
#include "core/diagnose/mail_programs.h"
#include "core/diagnose/offers.h"
#include "core/knowledge/pack.h"

using namespace maildoctor;
using namespace maildoctor::diagnose;

namespace {

ServerSetting server(Protocol protocol, const char* host, int port, Security security = Security::tls) {
    return {
        .protocol = protocol, .host = *HostName::from(host), .port = *Port::from(port), .security = security};
}

SourceAnswer source(std::string name, std::string step, std::vector<ServerSetting> servers) {
    SourceAnswer answer{.source = std::move(name),
                        .step = std::move(step),
                        .place = "somewhere",
                        .outcome = SourceAnswer::Outcome::settings,
                        .trusted = true};
    for (ServerSetting& one : servers) {
        one.source = answer.source;
        auto& settings = answer.document.settings;
        (one.protocol == Protocol::smtp ? settings.outgoing : settings.incoming).push_back(std::move(one));
    }
    return answer;
}

SourceAnswer records(std::string service, std::vector<SrvRecord> srv) {
    SourceAnswer answer{.source = "srv", .step = "srv", .place = "SRV records"};
    answer.records.push_back({.name = service + "._tcp.example.test",
                              .type = RecordType::srv,
                              .status = DnsStatus::found,
                              .srv = std::move(srv)});
    return answer;
}

std::vector<std::string> details(const std::vector<Draft>& drafts) {
    std::vector<std::string> out;
    for (const Draft& draft : drafts)
        out.push_back(draft.detail);
    return out;
}

const ProgramOutcome& of(const std::vector<ProgramOutcome>& outcomes, std::string_view id) {
    return *std::ranges::find(outcomes, id, &ProgramOutcome::program);
}

const auto imap = server(Protocol::imap, "imap.example.test", 993);
const auto smtp = server(Protocol::smtp, "smtp.example.test", 465);

}  // namespace

TEST_CASE("agreement: sources that name the same servers agree, whatever else they name", "[diagnose]") {
    const auto a = source("srv", "srv", {imap, smtp});
    const auto b = source("autoconfig", "autoconfig-https",
                          {imap, server(Protocol::imap, "imap.example.test", 143, Security::starttls), smtp});
    CHECK(judge_agreement({a, b}).empty());
}

TEST_CASE("agreement: servers, modes, ports and user names that differ are told apart",
          "[diagnose][settings.contradictory]") {
    const auto a = source("srv", "srv", {imap});
    const auto differs_in = [&](const ServerSetting& other) {
        return details(judge_agreement({a, source("autoconfig", "autoconfig-https", {other})}));
    };
    CHECK(differs_in(server(Protocol::imap, "old.example.test", 993)) == std::vector<std::string>{"servers"});
    CHECK(differs_in(server(Protocol::imap, "imap.example.test", 993, Security::starttls)) ==
          std::vector<std::string>{"modes"});
    CHECK(differs_in(server(Protocol::imap, "imap.example.test", 143, Security::starttls)) ==
          std::vector<std::string>{"ports"});
    ServerSetting whole = imap, local = imap;
    whole.username = "u@example.test";
    local.username = "u";
    CHECK(details(judge_agreement({source("autoconfig", "autoconfig-https", {whole}),
                                   source("autodiscover", "autodiscover-sub", {local})})) ==
          std::vector<std::string>{"user-name"});
}

TEST_CASE("agreement: a service that is not offered and has a server all the same", "[diagnose]") {
    const auto none = records("_pop3s", {{.target = ""}});
    CHECK(says_not_offered(none, Protocol::pop3));
    CHECK_FALSE(says_not_offered(none, Protocol::imap));
    const auto pop =
        source("autoconfig", "autoconfig-https", {server(Protocol::pop3, "pop.example.test", 995)});
    CHECK(details(judge_agreement({none, pop})) == std::vector<std::string>{"not-offered"});
}

TEST_CASE("SRV records: what no program can use, and what is not meant so",
          "[diagnose][settings.malformed]") {
    const auto judged = [](std::vector<SrvRecord> srv) {
        return details(judge_srv({records("_imaps", std::move(srv))}));
    };
    using Details = std::vector<std::string>;
    CHECK(judged({{.port = 993, .target = "a.example.test"}}).empty());
    CHECK(judged({{.target = ""}}).empty());
    CHECK(judged({{.target = ""}, {.port = 993, .target = "a.example.test"}}) ==
          Details{"not-offered-among-others"});
    CHECK(judged({{.port = 0, .target = "a.example.test"}}) == Details{"port-zero"});
    CHECK(judged({{.port = 993, .target = "192.0.2.1"}}) == Details{"no-host-name"});
    CHECK(judged({{.weight = 0, .port = 993, .target = "a.example.test"},
                  {.weight = 5, .port = 993, .target = "b.example.test"}}) == Details{"weight-zero"});
    CHECK(judged(std::vector<SrvRecord>(21, {.port = 993, .target = "a.example.test"})) ==
          Details{"too-many"});
}

TEST_CASE("published servers: each once, with all who name it", "[diagnose]") {
    const auto servers = published_servers(
        {source("srv", "srv", {imap}), source("autoconfig", "autoconfig-https", {imap, smtp})});
    REQUIRE(servers.size() == 2);
    CHECK(servers[0].sources == std::vector<std::string>{"srv", "autoconfig"});
    CHECK(servers[1].sources == std::vector<std::string>{"autoconfig"});
}

TEST_CASE("simulation: each program's own order decides", "[diagnose]") {
    SimulationInput input;
    input.sources = {
        source("srv", "srv", {server(Protocol::imap, "srv.example.test", 993), smtp}),
        source("autoconfig", "well-known-https", {imap, smtp}),
        source("autodiscover", "autodiscover-sub", {server(Protocol::imap, "ad.example.test", 993), smtp})};
    const auto outcomes = simulate_programs(input);
    CHECK(of(outcomes, "thunderbird").decided_by == "well-known-https");
    CHECK(of(outcomes, "thunderbird").incoming->host.text() == "imap.example.test");
    CHECK(of(outcomes, "outlook").incoming->host.text() == "ad.example.test");
    CHECK(of(outcomes, "new-outlook").ending == ProgramOutcome::Ending::not_known);
    CHECK(of(outcomes, "apple-mail").ending == ProgramOutcome::Ending::not_known);
}

TEST_CASE("simulation: a document that a program throws away sends it on", "[diagnose]") {
    SimulationInput input;
    auto document = source("autoconfig", "autoconfig-https", {imap, smtp});
    document.document.faults.push_back({.kind = "invalid-value", .dropped_by = {"k9"}, .text = "plain"});
    input.sources = {document};
    const auto outcomes = simulate_programs(input);
    CHECK(of(outcomes, "thunderbird").ending == ProgramOutcome::Ending::automatic);
    const ProgramOutcome& k9 = of(outcomes, "k9");
    CHECK_FALSE(k9.incoming);
    REQUIRE_FALSE(k9.steps.empty());
    CHECK(k9.steps.front().outcome == ProgramStep::Outcome::thrown_away);
    CHECK(k9.steps.front().detail == "plain");
}

TEST_CASE("simulation: a POP3-only document is none for programs that know IMAP only", "[diagnose]") {
    SimulationInput input;
    input.sources = {
        source("autoconfig", "autoconfig-https", {server(Protocol::pop3, "pop.example.test", 995), smtp})};
    const auto outcomes = simulate_programs(input);
    CHECK(of(outcomes, "thunderbird").incoming->protocol == Protocol::pop3);
    CHECK_FALSE(of(outcomes, "deltachat").incoming);
}

TEST_CASE("simulation: guessing finds servers that work, and Thunderbird believes the word STARTTLS",
          "[diagnose]") {
    SimulationInput input;
    const auto starttls = server(Protocol::smtp, "mail.example.test", 587, Security::starttls);
    input.thunderbird_guesses = {{"imap.example.test", Protocol::imap, Security::tls, imap.port},
                                 {"mail.example.test", Protocol::smtp, Security::starttls, starttls.port}};
    input.deltachat_guesses = input.thunderbird_guesses;
    input.servers = {{.setting = imap, .sources = {"guess"}, .works = true},
                     {.setting = starttls, .sources = {"guess"}, .works = false, .starttls_word = true}};
    const auto outcomes = simulate_programs(input);
    CHECK(of(outcomes, "thunderbird").ending == ProgramOutcome::Ending::guessed);
    CHECK(of(outcomes, "thunderbird").works == false);
    CHECK_FALSE(of(outcomes, "deltachat").incoming);
    CHECK(of(outcomes, "k9").ending != ProgramOutcome::Ending::guessed);
}

TEST_CASE("offers: published login methods that the server lacks", "[diagnose][auth.mechanism-unsupported]") {
    Observation dialog{.probe = "mail.dialog"};
    dialog.subject = {.host = "imap.example.test",
                      .port = imap.port,
                      .protocol = Protocol::imap,
                      .security = Security::tls};
    dialog.tls = TlsFacts{.completed = true, .verified = true};
    dialog.mail = MailFacts{.greeting_ok = true, .capabilities_known = true, .auth_mechanisms = {"PLAIN"}};
    ServerSetting setting = imap;
    setting.auth = {"password-cleartext"};
    CHECK(judge_offers(setting, dialog).empty());
    setting.auth = {"OAuth2"};
    REQUIRE(judge_offers(setting, dialog).size() == 1);
    CHECK(judge_offers(setting, dialog).front().cause == Cause::auth_mechanism_unsupported);
    setting.auth = {"OAuth2", "password-cleartext"};
    CHECK(judge_offers(setting, dialog).empty());
}

TEST_CASE("offers: a submission server without any login", "[diagnose][auth.mechanism-unsupported]") {
    Observation dialog{.probe = "mail.dialog"};
    dialog.subject = {.host = "smtp.example.test",
                      .port = smtp.port,
                      .protocol = Protocol::smtp,
                      .security = Security::tls};
    dialog.tls = TlsFacts{.completed = true, .verified = true};
    dialog.mail = MailFacts{.greeting_ok = true, .capabilities_known = true};
    CHECK(judge_offers(smtp, dialog).size() == 1);
    ServerSetting without = smtp;
    without.auth = {"client-IP-address"};
    CHECK(judge_offers(without, dialog).empty());
}

TEST_CASE("answers: equal ones are grouped, the odd machine stands apart", "[diagnose]") {
    std::vector<Observation> seen;
    for (int i = 0; i < 5; ++i) {
        Observation dialog{.probe = "mail.dialog"};
        dialog.subject = {.host = "imap.example.test",
                          .address = IpAddress::from("192.0.2." + std::to_string(i + 1)),
                          .port = imap.port,
                          .protocol = Protocol::imap,
                          .security = Security::tls};
        dialog.connects.push_back({.address = *dialog.subject.address, .used = true});
        dialog.tls = TlsFacts{.completed = true, .version = i == 3 ? "TLSv1" : "TLSv1.3", .verified = true};
        dialog.mail = MailFacts{.greeting_ok = true};
        seen.push_back(std::move(dialog));
    }
    const auto groups = grouped_answers(seen);
    REQUIRE(groups.size() == 2);
    CHECK(groups[0].count == 4);
    CHECK(groups[1].count == 1);
    CHECK(groups[1].addresses == std::vector<std::string>{"192.0.2.4"});
}

TEST_CASE("validation: a domain that does not exist is one fault", "[diagnose][dns.host-not-found]") {
    ValidationCase seen;
    seen.request.domain = HostName::from("example.test");
    Observation mx{.probe = "dns.lookup"};
    mx.dns = DnsFacts{.name = "example.test",
                      .type = RecordType::mx,
                      .status = DnsStatus::no_such_name,
                      .detail = "nxdomain"};
    mx.subject.host = "example.test";
    seen.observations = {mx};
    const Validation result = judge_validation(seen, knowledge::built_in());
    CHECK(result.report.verdict == Verdict::problem);
    REQUIRE(result.report.findings.size() == 1);
    CHECK(result.report.findings.front().cause == Cause::dns_host_not_found);
    CHECK(result.report.findings.front().primary);
}

TEST_CASE("validation: a published server that nobody could ask leaves the verdict open", "[diagnose]") {
    ValidationCase seen;
    seen.request.domain = HostName::from("example.test");
    seen.sources = {source("srv", "srv", {imap, smtp})};
    seen.servers = published_servers(seen.sources);
    seen.out_of_time = true;
    const Validation result = judge_validation(seen, knowledge::built_in());
    CHECK(result.report.verdict == Verdict::inconclusive);
    CHECK(result.report.not_tested.size() >= 2);
}
