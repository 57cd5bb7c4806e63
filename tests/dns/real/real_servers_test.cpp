// The resolver against real name servers: signed zones on NSD, seen through Unbound. Started by dns_lab.py.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>

#include "core/async/loop.h"
#include "core/dns/questions.h"
#include "core/dns/resolver.h"
#include "tests/dns/cases.h"
#include "tests/dns/test_server.h"

using namespace maildoctor;
using namespace maildoctor::dns;
using namespace std::chrono_literals;

namespace {

std::string from_lab(const char* name) {
    const char* value = std::getenv(name);
    if (value == nullptr) FAIL("start this through tests/dns/real/dns_lab.py");
    return value;
}

platform::NameServer server_at(const char* variable) {
    const auto server = platform::name_server_from(from_lab(variable));
    REQUIRE(server);
    return *server;
}

Config lab(std::vector<platform::NameServer> servers) {
    Config config;
    config.servers = std::move(servers);
    const auto anchors = read_trust_anchors(from_lab("DNS_LAB") + "/root.key");
    REQUIRE(anchors);
    config.trust_anchors = *anchors;
    config.zone_server_port = static_cast<std::uint16_t>(std::stoi(from_lab("DNS_LAB_PORT")));
    return config;
}

Config validating() {
    return lab({server_at("DNS_LAB_VALIDATING")});
}

Config plain() {
    return lab({server_at("DNS_LAB_PLAIN")});
}

DnsFacts ask(const Config& config, const std::string& name, RecordType type = RecordType::a) {
    async::Loop loop;
    const auto resolver = std::make_shared<Resolver>(config);
    return loop.run_for(resolver->lookup(name, type, Deadline::after(20s)));
}

/// Passes a question on to a resolver, without EDNS where `strip` says so, and gives its answer back.
std::vector<test::Sent> forward(const test::Asked& asked, const platform::NameServer& to, bool strip) {
    std::string query = asked.bytes;
    if (strip && asked.edns) {
        query.resize(query.size() - 11);  // the OPT record stands last, without options
        query[11] = 0;
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(to.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const timeval limit{.tv_sec = 5, .tv_usec = 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    sendto(fd, query.data(), query.size(), 0, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    std::array<char, 65536> buffer{};
    const ssize_t size = recv(fd, buffer.data(), buffer.size(), 0);
    close(fd);
    if (size <= 0) return {};
    return {test::Sent{.bytes = std::string(buffer.data(), static_cast<std::size_t>(size))}};
}

}  // namespace

TEST_CASE("real: what a validating resolver hands out", "[dns][dnssec]") {
    const auto given = GENERATE(from_range(test::good_cases()));
    CAPTURE(given.name, static_cast<int>(given.type));
    const DnsFacts facts = ask(validating(), given.name, given.type);
    CAPTURE(facts.dnssec_link);
    CHECK(static_cast<int>(facts.dnssec) == static_cast<int>(given.dnssec));
    CHECK(facts.dnssec_link == given.link);
}

TEST_CASE("real: bogus answers, with the broken link, behind a resolver that validates and one that does not",
          "[dns][dnssec]") {
    const auto given = GENERATE(from_range(test::bogus_cases()));
    CAPTURE(given.name);
    const DnsFacts refused = ask(validating(), given.name, given.type);
    CHECK(refused.status == DnsStatus::bogus);
    CHECK(refused.detail == "bogus");
    CHECK(static_cast<int>(refused.dnssec) == static_cast<int>(given.dnssec));
    CHECK(refused.dnssec_link == given.link);
    CHECK(refused.addresses.empty());
    CHECK(refused.rcode == 2);
    CHECK_FALSE(refused.extended_errors.empty());

    const DnsFacts handed_out = ask(plain(), given.name, given.type);
    CHECK((handed_out.status == DnsStatus::found || handed_out.status == DnsStatus::no_such_name));
    CHECK(handed_out.detail == "bogus");
    CHECK(static_cast<int>(handed_out.dnssec) == static_cast<int>(given.dnssec));
    CHECK(handed_out.dnssec_link == given.link);
}

TEST_CASE("real: without local validation the resolver's own word says why", "[dns][dnssec]") {
    Config config = validating();
    config.validate = false;
    const DnsFacts facts = ask(config, "mail.expired.test");
    CHECK(facts.status == DnsStatus::bogus);
    CHECK(facts.detail == "bogus");
    CHECK(facts.dnssec == Dnssec::not_checked);
    CHECK(facts.dnssec_link.starts_with("mail.expired.test: the resolver says: "));
}

TEST_CASE("real: the plain answer first, its verdict later, from the same packets", "[dns][dnssec]") {
    const auto resolver = std::make_shared<Resolver>(validating());
    async::Loop loop;
    const DnsFacts first = loop.run_for(
        resolver->lookup("mail.secure.test", RecordType::a, Deadline::after(10s), Validation::off));
    CHECK(first.status == DnsStatus::found);
    CHECK(first.dnssec == Dnssec::not_checked);
    CHECK(resolver->traffic().datagrams == 1);
    const DnsFacts judged =
        loop.run_for(resolver->lookup("mail.secure.test", RecordType::a, Deadline::after(10s)));
    CHECK(judged.dnssec == Dnssec::secure);
    const auto chain = resolver->traffic().datagrams;
    CHECK(chain == 6);  // DNSKEY of three zones and DS of two
    CHECK(loop.run_for(resolver->lookup("alias.secure.test", RecordType::a, Deadline::after(10s))).dnssec ==
          Dnssec::secure);
    CHECK(resolver->traffic().datagrams == chain + 1);
}

TEST_CASE("real: a resolver that hands out no signatures leaves it open, and is never called bogus",
          "[dns][dnssec]") {
    const platform::NameServer behind = server_at("DNS_LAB_PLAIN");
    const test::TestServer stripping([&](const test::Asked& asked) { return forward(asked, behind, true); });
    for (const char* name : {"mail.secure.test", "absent.secure.test", "mail.insecure.test",
                             "mail.expired.test", "mail.nosig.test", "mail.badsig.test"}) {
        const DnsFacts facts = ask(lab({stripping.address()}), name);
        CAPTURE(name);
        CHECK(facts.dnssec == Dnssec::indeterminate);
        CHECK(facts.detail != "bogus");
        CHECK(facts.dnssec_link == ". DNSKEY: the resolver does not hand out signatures");
    }
}

TEST_CASE("real: one of two resolvers strips signatures", "[dns][dnssec]") {
    const platform::NameServer behind = server_at("DNS_LAB_PLAIN");
    const test::TestServer stripping([&](const test::Asked& asked) { return forward(asked, behind, true); });
    // It gets only the question itself; the chain comes from the other.
    const test::TestServer mixed(
        [&](const test::Asked& asked) { return forward(asked, behind, asked.type == 1); });
    CHECK(ask(lab({mixed.address()}), "mail.secure.test").dnssec ==
          Dnssec::bogus);  // one server: it could have
    CHECK(ask(lab({stripping.address(), behind}), "mail.secure.test").dnssec != Dnssec::bogus);
}

TEST_CASE("real: signatures that are lost on the way below a signed parent", "[dns][dnssec]") {
    const platform::NameServer behind = server_at("DNS_LAB_PLAIN");
    const test::TestServer losing([&](const test::Asked& asked) {
        return forward(asked, behind, asked.name.ends_with("secure.test") && asked.type != 43);
    });
    const DnsFacts facts = ask(lab({losing.address()}), "mail.secure.test");
    CHECK(facts.dnssec == Dnssec::bogus);
    CHECK(facts.dnssec_link == "secure.test DNSKEY: signature missing");
}

TEST_CASE("real: wrong trust anchor or clock is not the domain's fault", "[dns][dnssec]") {
    Config config = plain();
    config.trust_anchors = *parse_trust_anchors(
        ". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D");
    const DnsFacts other_root = ask(config, "mail.secure.test");
    CHECK(other_root.dnssec == Dnssec::indeterminate);
    CHECK(other_root.dnssec_link == ". DNSKEY: no key matches the trust anchor");

    config = plain();
    config.validation_time = 1000000000;  // 2001
    const DnsFacts early = ask(config, "mail.secure.test");
    CHECK(early.dnssec == Dnssec::indeterminate);
    CHECK(early.dnssec_link.find("clock") != std::string::npos);

    config = plain();
    config.trust_anchors = *parse_trust_anchors(
        "example. IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D");
    CHECK(ask(config, "mail.secure.test").dnssec == Dnssec::indeterminate);
}

TEST_CASE("real: lame and dead name servers are told from other failures", "[dns][dns.servfail]") {
    const DnsFacts lame = ask(validating(), "mail.lame.test");
    CHECK(lame.status == DnsStatus::server_failure);
    CHECK(lame.detail == "lame");
    Config impatient = validating();
    impatient.try_limit = 500ms;
    const DnsFacts dead = ask(impatient, "mail.dead.test");
    CHECK(dead.detail == "lame");
    CHECK((dead.status == DnsStatus::server_failure || dead.status == DnsStatus::no_answer));
    // A resolver that fails for a zone whose servers are well.
    const platform::NameServer behind = server_at("DNS_LAB_PLAIN");
    const test::TestServer failing([&](const test::Asked& asked) {
        if (asked.name == "mail.secure.test")
            return std::vector<test::Sent>{{.bytes = test::answer_to(asked, {.rcode = 2})}};
        return forward(asked, behind, false);
    });
    const DnsFacts servfail = ask(lab({failing.address()}), "mail.secure.test");
    CHECK(servfail.status == DnsStatus::server_failure);
    CHECK(servfail.detail == "servfail");
}

TEST_CASE("real: alias loops behind a resolver that says SERVFAIL", "[dns][dns.cname-loop]") {
    const DnsFacts facts = ask(validating(), "loop.secure.test");
    CHECK(facts.status == DnsStatus::alias_loop);
    CHECK(facts.detail == "cname-loop");
    CHECK(facts.aliases == std::vector<std::string>{"pool.secure.test", "loop.secure.test"});
}

TEST_CASE("real: large answers come over TCP", "[dns]") {
    const auto resolver = std::make_shared<Resolver>(validating());
    async::Loop loop;
    const DnsFacts facts = loop.run_for(
        resolver->lookup("big.secure.test", RecordType::txt, Deadline::after(10s), Validation::off));
    REQUIRE(facts.texts.size() == 1);
    CHECK(facts.texts[0].size() == 1500);
    CHECK(resolver->traffic().connections == 1);
}

TEST_CASE("real: the verdict is Unbound's for every name and type of the tree", "[dns][dnssec]") {
    const auto questions = std::make_shared<Questions>(std::vector{server_at("DNS_LAB_VALIDATING")},
                                                       Patience{}, make_shared_answers(100));
    const auto resolver = std::make_shared<Resolver>(plain());
    async::Loop loop;
    int compared = 0;
    for (const char* zone : {"secure", "rsa", "ed25519", "ed448", "nsec3", "costly", "optout", "expired",
                             "wrongds", "unknownds", "insecure", "island", "nosig", "badsig", "sub.secure",
                             "plain.secure", "plain.nsec3", "plain.optout", "nothing"}) {
        for (const char* label :
             {"", "mail.", "absent.", "a.b.absent.", "inner.", "deep.inner.", "a.deep.inner.", "wild.",
              "x.wild.", "y.x.wild.", "alias.", "to-secure.", "to-insecure.", "to-bogus.", "to-nowhere.",
              "tree.", "mail.tree.", "ns.", "_25._tcp.mail."}) {
            for (const RecordType type : {RecordType::a, RecordType::mx, RecordType::txt, RecordType::cname,
                                          RecordType::ns, RecordType::tlsa}) {
                const std::string name = std::string(label) + zone + ".test";
                // Unbound 1.17 refuses CNAME questions below a DNAME.
                if (type == RecordType::cname && std::string_view(label) == "mail.tree.") continue;
                const Question question{.name = name, .type = type};
                const QueryOptions options{.dnssec_ok = true};
                const Reply theirs = loop.run_for(questions->ask(question, options, Deadline::after(20s)));
                REQUIRE(theirs.answer);
                const DnsFacts ours = loop.run_for(resolver->lookup(name, type, Deadline::after(20s)));
                const Dnssec expected = theirs.answer->rcode == 2  ? Dnssec::bogus
                                        : theirs.answer->authentic ? Dnssec::secure
                                                                   : Dnssec::insecure;
                ++compared;
                if (ours.dnssec != expected) {
                    CAPTURE(name, static_cast<int>(type), ours.dnssec_link, theirs.answer->rcode);
                    CHECK(static_cast<int>(ours.dnssec) == static_cast<int>(expected));
                }
            }
        }
    }
    CHECK(compared == 19 * (19 * 6 - 1));
}

// Writes the answers that the cases need to tests/corpus/dns and the anchor and time beside
// recorded_test.cpp. Run with
// "[.record]" after a change of the tree; the files are committed.
TEST_CASE("record: the answers for recorded_test.cpp", "[.record]") {
    const std::string source = MAILDOCTOR_SOURCE_DIR;
    const platform::NameServer behind = server_at("DNS_LAB_PLAIN");
    const test::TestServer recorder([&](const test::Asked& asked) {
        auto sent = forward(asked, behind, false);
        for (const test::Sent& one : sent) {
            std::string bytes = one.bytes;
            bytes[0] = bytes[1] = 0;
            std::ofstream(source + "/tests/corpus/dns/" + (asked.name.empty() ? "root" : asked.name) + "_" +
                              std::to_string(asked.type),
                          std::ios::binary)
                << bytes;
        }
        return sent;
    });
    auto cases = test::good_cases();
    for (const test::Case& one : test::bogus_cases())
        cases.push_back(one);
    for (const test::Case& one : cases)
        ask(lab({recorder.address()}), one.name, one.type);
    std::ofstream(source + "/tests/dns/recorded/root.key")
        << std::ifstream(from_lab("DNS_LAB") + "/root.key").rdbuf();
    std::ofstream(source + "/tests/dns/recorded/time")
        << std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
               .count()
        << "\n";
}
