// Validation on answers that were recorded from real name servers (real/dns_lab.py): needs no server, no
// clock.
#include <catch2/catch.hpp>
#include <chrono>
#include <fstream>
#include <iterator>
#include <string>

#include "core/async/loop.h"
#include "core/dns/resolver.h"
#include "tests/dns/cases.h"
#include "tests/dns/test_server.h"

using namespace maildoctor;
using namespace maildoctor::dns;
using namespace std::chrono_literals;

namespace {

std::string read(const std::string& path) {
    std::ifstream in(std::string(MAILDOCTOR_SOURCE_DIR) + "/tests/" + path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::string recorded(const test::Asked& asked) {
    return read("corpus/dns/" + (asked.name.empty() ? "root" : asked.name) + "_" +
                std::to_string(asked.type));
}

/// Plays the recorded answer, or SERVFAIL where none was recorded.
std::vector<test::Sent> play(const test::Asked& asked) {
    std::string bytes = recorded(asked);
    if (bytes.empty()) return {{.bytes = test::answer_to(asked, {.rcode = 2})}};
    bytes.replace(0, 2, asked.bytes, 0, 2);
    return {{.bytes = std::move(bytes)}};
}

/// What a resolver that validates does with what is bogus: SERVFAIL, but not for CD=1.
std::vector<test::Sent> play_validating(const test::Asked& asked) {
    return asked.checking_disabled ? play(asked)
                                   : std::vector<test::Sent>{{.bytes = test::answer_to(asked, {.rcode = 2})}};
}

DnsFacts ask(const test::TestServer& server, const test::Case& given) {
    Config config;
    config.servers = {server.address()};
    config.trust_anchors =
        *read_trust_anchors(std::string(MAILDOCTOR_SOURCE_DIR) + "/tests/dns/recorded/root.key");
    config.validation_time = std::stoll(read("dns/recorded/time"));
    config.investigate = false;
    async::Loop loop;
    const auto resolver = std::make_shared<Resolver>(config);
    return loop.run_for(resolver->lookup(given.name, given.type, Deadline::after(10s)));
}

}  // namespace

TEST_CASE("recorded: secure and insecure answers", "[dns][dnssec]") {
    const test::TestServer server(play);
    for (const test::Case& given : test::good_cases()) {
        const DnsFacts facts = ask(server, given);
        CAPTURE(given.name, static_cast<int>(given.type), facts.dnssec_link);
        CHECK(static_cast<int>(facts.dnssec) == static_cast<int>(given.dnssec));
    }
}

TEST_CASE("recorded: bogus answers and their broken link", "[dns][dnssec]") {
    const test::TestServer server(play), validating(play_validating);
    for (const test::Case& given : test::bogus_cases()) {
        CAPTURE(given.name);
        const DnsFacts handed_out = ask(server, given);
        CHECK(handed_out.dnssec == Dnssec::bogus);
        CHECK(handed_out.dnssec_link == given.link);
        CHECK(handed_out.status != DnsStatus::bogus);
        const DnsFacts refused = ask(validating, given);
        CHECK(refused.status == DnsStatus::bogus);
        CHECK(refused.detail == "bogus");
        CHECK(refused.dnssec_link == given.link);
    }
}

TEST_CASE("recorded: a changed octet anywhere in a signed answer is never secure", "[dns][dnssec]") {
    const std::string name = "mail.secure.test";
    const test::Case given{name.c_str(), RecordType::a, Dnssec::bogus, ""};
    std::size_t changed = 0;
    // From the end of the question on: the TTL may change (RFC 4035 section 5.3.1 takes it from the
    // signature).
    const std::size_t first = 12 + name.size() + 2 + 4;
    const std::size_t size = read("corpus/dns/mail.secure.test_1").size() - 11;  // without the OPT record
    for (std::size_t at = first; at < size; at += 3) {
        const test::TestServer server([&](const test::Asked& asked) {
            auto sent = play(asked);
            if (asked.type == 1) sent.at(0).bytes.at(at) = static_cast<char>(sent.at(0).bytes.at(at) ^ 0x11);
            return sent;
        });
        Config config;
        const DnsFacts facts = ask(server, given);
        const bool is_ttl =
            (at >= first + 6 && at < first + 10) || (at >= first + 16 + 6 && at < first + 16 + 10);
        CAPTURE(at, facts.dnssec_link);
        if (!is_ttl) CHECK(facts.dnssec != Dnssec::secure);
        ++changed;
    }
    CHECK(changed > 40);
}

TEST_CASE("recorded: an answer cannot stand for another absence", "[dns][dnssec]") {
    // Names of one length in octets, so that the message's compression stays right.
    const auto [name, stolen] = GENERATE(table<const char*, const char*>({
        {"*.wild.secure.test", "absent.secure.test_1"},
        {"*.wild.nsec3.test", "absent.nsec3.test_1"},
    }));
    const test::TestServer server([&](const test::Asked& asked) {
        if (asked.type != 1) return play(asked);
        // The proof of another name's absence behind this question.
        const std::string proof = read("corpus/dns/" + std::string(stolen));
        const std::size_t question = proof.find('\0', 12) + 5;
        const std::string own_question = asked.bytes.substr(12, asked.bytes.find('\0', 12) + 5 - 12);
        if (own_question.size() != question - 12)
            return std::vector<test::Sent>{};  // the test is wrong then, and fails
        return std::vector<test::Sent>{{.bytes = asked.bytes.substr(0, 2) + proof.substr(2, 10) +
                                                 own_question + proof.substr(question)}};
    });
    const DnsFacts facts = ask(server, {name, RecordType::a, Dnssec::bogus, ""});
    CAPTURE(name);
    CHECK(facts.status == DnsStatus::no_such_name);
    CHECK(facts.dnssec == Dnssec::bogus);
}
