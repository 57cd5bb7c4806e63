#include "core/policy/look_up.h"

#include <catch2/catch.hpp>

#include "core/async/loop.h"
#include "tests/mail/scripted_stream.h"
#include "tests/policy/json.h"
#include "tests/policy/table.h"

using namespace maildoctor;
using namespace std::chrono_literals;
using testing::Table;
using State = PolicyRecord::State;
using Dane = DaneFacts::Outcome;

namespace {

template <class T>
T run(Task<T> task) {
    async::Loop loop;
    return loop.run_for(std::move(task));
}

Task<Result<net::StreamPtr>> connect(std::string script) {
    if (script.empty()) co_return failed(Stage::connect, FailureKind::refused);
    co_return std::make_shared<testing::ScriptedStream>(script);
}

/// A web server that says the same to whoever asks.
policy::Web web(std::string script) {
    auto transport = std::make_shared<http::Transport>();
    transport->connect = [script](HostName, Port, Deadline) { return connect(script); };
    transport->secure = [](HostName, net::StreamPtr plain, Deadline deadline) {
        return testing::ScriptedStream::upgrade()(std::move(plain), deadline);
    };
    return transport;
}

std::string request(const std::string& host) {
    return "T: verified\nC: GET /.well-known/mta-sts.txt HTTP/1.1\nC: Host: " + host +
           "\nC: User-Agent: maildoctor\nC: Accept: */*\nC: Connection: close\nC: \n";
}

std::string file(const std::string& head, const std::string& body) {
    return request("mta-sts.example.test") + "S: HTTP/1.1 " + head +
           "\nS: Content-Type: text/plain\nS: Content-Length: " + std::to_string(body.size()) + "\nS: \nS* " +
           [&] {
               std::string escaped;
               for (const char c : body)
                   escaped += c == '\n' ? std::string("\\n") : std::string(1, c);
               return escaped;
           }() +
           "\n";
}

MtaStsFacts mta_sts(Table table, policy::Web server, bool search_file = false) {
    return run(policy::look_up_mta_sts(table.ask(), std::move(server), *HostName::from("example.test"),
                                       search_file, Deadline::after(5s)));
}

DmarcFacts dmarc(Table table, const std::string& domain) {
    return run(policy::look_up_dmarc(table.ask(), *HostName::from(domain)));
}

DaneFacts dane(Table table, const std::string& host = "mx.example.test") {
    return run(policy::look_up_dane(table.ask(), *HostName::from(host), *Port::from(25), true));
}

const std::string digest(64, 'a');
const TlsaRecord ee{.usage = 3, .selector = 1, .matching = 1, .data = digest};
const std::string policy_file = "version: STSv1\nmode: enforce\nmx: mx.example.test\nmax_age: 604800\n";

}  // namespace

TEST_CASE("mta-sts look-up: record and file", "[policy][mta-sts]") {
    const Table table = Table().txt("_mta-sts.example.test", "v=STSv1; id=1;");
    const MtaStsFacts good = mta_sts(table, web(file("200 OK", policy_file)));
    CHECK(good.enforced());
    CHECK(good.file.faults.empty());
    CHECK(good.mx == std::vector<std::string>{"mx.example.test"});
    const MtaStsFacts missing = mta_sts(table, web(file("404 Not Found", "no")));
    CHECK(missing.file.state == State::absent);
    CHECK(missing.file.has("http-status"));
    CHECK_FALSE(missing.enforced());
    const MtaStsFacts moved = mta_sts(
        table,
        web(request("mta-sts.example.test") +
            "S: HTTP/1.1 301 Moved\nS: Location: https://www.example.test/\nS: Content-Length: 0\nS: \n"));
    CHECK(moved.file.has("redirect"));
    const MtaStsFacts refused = mta_sts(table, web(""));
    CHECK(refused.file.has("unreachable"));
    const MtaStsFacts distrusted = mta_sts(table, web("T: unverified\n"));
    CHECK(distrusted.file.has("bad-certificate"));
}

TEST_CASE("mta-sts look-up: without a record nothing is asked for a check", "[policy][mta-sts]") {
    const MtaStsFacts none = mta_sts(Table(), web(file("200 OK", policy_file)));
    CHECK(none.record.state == State::absent);
    CHECK(none.file.state == State::absent);
    CHECK(none.status == 0);
    const MtaStsFacts half = mta_sts(Table(), web(file("200 OK", policy_file)), true);
    CHECK(half.record.has("no-record"));
    CHECK(half.record.better == "v=STSv1; id=1;");
    const MtaStsFacts site = mta_sts(Table(), web(file("200 OK", "<html>")), true);
    CHECK(site.record.faults.empty());
    CHECK(site.file.faults.empty());
}

TEST_CASE("mta-sts look-up: the domains of the vectors", "[policy][mta-sts]") {
    const testing::Json vectors =
        testing::read_json(MAILDOCTOR_SOURCE_DIR "/tests/policy/vectors/mta-sts-lookup-match.json");
    const auto plain = [](std::string name) {
        return name.ends_with('.') ? name.substr(0, name.size() - 1) : name;
    };
    Table table;
    for (const auto& [name, records] : vectors["lookup"]["txt"].members) {
        for (const std::string& text : records.texts())
            table.txt(plain(name), text);
    }
    for (const auto& [name, target] : vectors["lookup"]["cname"].members)
        table.alias(plain(name), plain(target.text));
    for (const std::string& name : vectors["lookup"]["servfail"].texts())
        table.fails(plain(name), DnsStatus::server_failure);
    REQUIRE(vectors["lookup"]["cases"].items.size() == 8);
    for (const testing::Json& one : vectors["lookup"]["cases"].items) {
        INFO(one["domain"].text);
        const MtaStsFacts facts = run(policy::look_up_mta_sts(
            table.ask(), nullptr, *HostName::from(one["domain"].text), false, Deadline::after(5s)));
        const std::string got = facts.record.state == State::absent    ? "no-record"
                                : facts.record.state == State::unknown ? "dns-error"
                                : facts.record.has("multiple")         ? "multiple-records"
                                : facts.record.is_read()               ? "ok"
                                                                       : "record-syntax";
        CHECK(got == one["expect"].text);
        if (one.has("id")) CHECK(facts.id == one["id"].text);
    }
}

TEST_CASE("dmarc look-up: the tree walk", "[policy][dmarc]") {
    const std::string reject = "v=DMARC1; p=reject; sp=quarantine; rua=mailto:a@example.test";
    const DmarcFacts own = dmarc(Table().txt("_dmarc.example.test", reject), "example.test");
    CHECK(own.domain == "example.test");
    CHECK(own.policy == "reject");
    const DmarcFacts below = dmarc(Table().txt("_dmarc.example.test", reject), "a.b.example.test");
    CHECK(below.domain == "example.test");
    CHECK(below.organisational == "example.test");
    CHECK(below.policy == "quarantine");
    const DmarcFacts nearer =
        dmarc(Table()
                  .txt("_dmarc.example.test", reject)
                  .txt("_dmarc.b.example.test", "v=DMARC1; p=none; psd=n; rua=mailto:x@b.example.test"),
              "a.b.example.test");
    CHECK(nearer.organisational == "b.example.test");
    CHECK(nearer.policy == "none");
    CHECK(dmarc(Table(), "example.test").record.state == State::absent);
    CHECK(dmarc(Table().fails("_dmarc.example.test", DnsStatus::no_answer), "example.test").record.state ==
          State::unknown);
    const DmarcFacts faulty = dmarc(Table().txt("_dmarc.example.test", "v=DMARC1; p=rejekt"), "example.test");
    CHECK(faulty.record.has("no-policy"));
    CHECK(faulty.policy == "");
}

TEST_CASE("dmarc look-up: reports to somebody else need consent", "[policy][dmarc]") {
    Table table;
    table.txt("_dmarc.example.test",
              "v=DMARC1; p=reject; rua=mailto:a@yes.test,mailto:b@no.test,mailto:c@sub.example.test");
    table.txt("example.test._report._dmarc.yes.test", "v=DMARC1");
    const DmarcFacts facts = dmarc(table, "example.test");
    REQUIRE(facts.consents.size() == 2);
    CHECK(facts.consents[0].given == true);
    CHECK(facts.consents[1].given == false);
    CHECK(facts.consents[1].name == "example.test._report._dmarc.no.test");
}

TEST_CASE("dkim look-up: given and usual selectors", "[policy][dkim]") {
    const std::string key = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
    const auto keys = [](Table table, std::vector<std::string> given) {
        return run(policy::look_up_dkim(table.ask(), *HostName::from("example.test"), std::move(given)));
    };
    const auto some =
        keys(Table().txt("mine._domainkey.example.test", key).txt("google._domainkey.example.test", key),
             {"mine", "lost"});
    REQUIRE(some.size() == 3);
    CHECK(some[0].selector == "mine");
    CHECK(some[0].given);
    CHECK(some[1].record.state == State::absent);
    CHECK(some[2].selector == "google");
    CHECK_FALSE(some[2].given);
    Table wildcard;
    for (const char* selector : {"maildoctor-no-such-selector", "default", "google"})
        wildcard.txt(std::string(selector) + "._domainkey.example.test", "v=DKIM1; p=");
    CHECK(keys(wildcard, {}).empty());
}

TEST_CASE("dane look-up: only what DNSSEC vouches for counts", "[policy][dane]") {
    Table table;
    table.address("mx.example.test", "192.0.2.1").tlsa("_25._tcp.mx.example.test", ee);
    CHECK(dane(table).outcome == Dane::not_compared);
    Table insecure = table;
    insecure.insecure("_25._tcp.mx.example.test");
    CHECK(dane(insecure).outcome == Dane::insecure);
    CHECK(dane(Table().address("mx.example.test", "192.0.2.1")).outcome == Dane::none);
    Table failing;
    failing.address("mx.example.test", "192.0.2.1")
        .fails("_25._tcp.mx.example.test", DnsStatus::server_failure);
    CHECK(dane(failing).outcome == Dane::unknown);
    Table odd;
    odd.address("mx.example.test", "192.0.2.1")
        .tlsa("_25._tcp.mx.example.test", {.usage = 1, .selector = 1, .matching = 1, .data = digest});
    CHECK(dane(odd).outcome == Dane::unusable);
}

TEST_CASE("dane look-up: names behind aliases", "[policy][dane]") {
    Table table;
    table.alias("mx.example.test", "mx.host.test").address("mx.host.test", "192.0.2.1");
    Table both = table;
    both.tlsa("_25._tcp.mx.host.test", ee).tlsa("_25._tcp.mx.example.test", ee);
    CHECK(dane(both).base == "mx.host.test");
    Table original = table;
    original.tlsa("_25._tcp.mx.example.test", ee);
    CHECK(dane(original).base == "mx.example.test");
    CHECK(dane(original).outcome == Dane::not_compared);
    Table insecure = both;
    insecure.insecure("mx.host.test");
    CHECK(dane(insecure).base == "mx.example.test");
    CHECK(dane(insecure).outcome == Dane::not_compared);
}

TEST_CASE("look-up: the whole mail side of a domain", "[policy]") {
    Table table;
    table.mx("example.test", 10, "mx.example.test")
        .address("mx.example.test", "192.0.2.1")
        .address("mx.example.test", "2001:db8::1");
    table.ptr("1.2.0.192.in-addr.arpa", "mx.example.test").ptr("1.2.0.192.in-addr.arpa", "other.test");
    table.txt("example.test", "v=spf1 mx -all")
        .txt("_smtp._tls.example.test", "v=TLSRPTv1; rua=mailto:a@example.test");
    table.txt("_mta-sts.example.test", "v=STSv1; id=1;");
    table.txt("default._bimi.example.test", "v=BIMI1; l=https://example.test/l.svg");
    const PolicyFacts facts = run(policy::look_up(table.ask(), web(file("200 OK", policy_file)),
                                                  *HostName::from("example.test"), {}, Deadline::after(5s)));
    REQUIRE(facts.exchangers.size() == 1);
    REQUIRE(facts.exchangers[0].addresses.size() == 2);
    CHECK(facts.exchangers[0].addresses[0].names.size() == 2);
    CHECK(facts.exchangers[0].addresses[0].confirmed == std::vector<std::string>{"mx.example.test"});
    CHECK(facts.exchangers[0].addresses[1].status == DnsStatus::no_such_name);
    CHECK(facts.spf.all == "-all");
    CHECK(facts.tls_rpt.rua.size() == 1);
    CHECK(facts.mta_sts.missing.empty());
    CHECK(facts.dmarc.record.state == State::absent);
    CHECK(facts.bimi.record.has("weak-dmarc"));
    const PolicyFacts null = run(policy::look_up(Table().mx("example.test", 0, "").ask(), nullptr,
                                                 *HostName::from("example.test"), {}, Deadline::after(5s)));
    CHECK(null.null_mx);
    CHECK(null.exchangers.empty());
}

TEST_CASE("bimi look-up: the picture is fetched, foreign hosts only where third parties may be asked",
          "[policy][bimi]") {
    const std::string svg =
        "<svg version='1.2' baseProfile='tiny-ps' viewBox='0 0 1 1'><title>Logo</title></svg>";
    const auto look = [&](const std::string& location, const std::string& script, bool third_parties) {
        Table table = Table().txt("default._bimi.example.test", "v=BIMI1; l=" + location);
        return run(policy::look_up_bimi(table.ask(), script.empty() ? nullptr : web(script),
                                        *HostName::from("example.test"), {.third_parties = third_parties},
                                        Deadline::after(5s)));
    };
    const auto answer = [&](const std::string& host) {
        return "T: verified\nC: GET /logo.svg HTTP/1.1\nC: Host: " + host +
               "\nC: User-Agent: maildoctor\nC: Accept: */*\nC: Connection: close\nC: \nS: HTTP/1.1 200 OK\n"
               "S: Content-Type: image/svg+xml\nS: Content-Length: " +
               std::to_string(svg.size()) + "\nS: \nS* " + svg + "\n";
    };
    const BimiFacts good = look("https://cdn.test/logo.svg", answer("cdn.test"), true);
    CHECK(good.picture.state == State::found);
    CHECK(good.picture.faults.empty());
    CHECK(good.picture.place == "https://cdn.test/logo.svg");
    CHECK(look("https://www.example.test/logo.svg", answer("www.example.test"), false).picture.is_read());
    const BimiFacts unasked = look("https://example.test/logo.svg", "", true);
    CHECK(unasked.picture.state == State::unknown);
    CHECK_FALSE(unasked.picture.because.empty());
    CHECK(unasked.certificate.state == State::absent);
    const BimiFacts foreign = look("https://cdn.test/logo.svg", answer("cdn.test"), false);
    CHECK(foreign.picture.state == State::unknown);
    CHECK(foreign.picture.because.find("third parties") != std::string::npos);
    const BimiFacts dead = look("https://example.test/logo.svg", "T: unverified\n", true);
    CHECK(dead.picture.has("bad-certificate"));
}
