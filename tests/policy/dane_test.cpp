#include "core/policy/dane.h"

#include <catch2/catch.hpp>
#include <chrono>

#include "core/tls/dane.h"
#include "tests/policy/json.h"
#include "tests/policy/table.h"
#include "tests/tls/pki.h"

using namespace maildoctor;
using testing::Identity;
using testing::make_identity;
using Outcome = DaneFacts::Outcome;

namespace {

std::string der(const Identity& identity) {
    unsigned char* data = nullptr;
    const int size = i2d_X509(identity.certificate.get(), &data);
    std::string octets(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size));
    OPENSSL_free(data);
    return octets;
}

TlsFacts presented(const std::vector<Identity>& chain) {
    TlsFacts facts{.completed = true};
    for (const Identity& identity : chain)
        facts.chain.push_back({.der = der(identity)});
    return facts;
}

TlsaRecord record(std::uint8_t usage, std::uint8_t selector, std::uint8_t matching, const Identity& of) {
    return {.usage = usage,
            .selector = selector,
            .matching = matching,
            .data = tls::tlsa_data(der(of), selector, matching)};
}

DaneFacts compare(std::vector<TlsaRecord> records, const TlsFacts& facts, Dnssec dnssec = Dnssec::secure) {
    const DnsFacts answer{.status = DnsStatus::found, .tlsa = std::move(records), .dnssec = dnssec};
    DaneFacts asked{.host = "mx.example.test", .port = 25, .base = "mx.example.test"};
    policy::judge_tlsa_answer(answer, true, asked);
    const auto now =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch());
    return policy::compare_dane(asked, facts, {"example.test"}, now.count());
}

struct Certificates {
    Identity root = make_identity({.name = "Own authority", .ca = true});
    Identity other = make_identity({.name = "Other authority", .ca = true});
    Identity leaf = make_identity({.name = "mx", .dns = {"mx.example.test"}}, &root);
    Identity wrong_name = make_identity({.name = "mx", .dns = {"mx.other.test"}}, &root);
    Identity expired =
        make_identity({.name = "mx", .dns = {"mx.example.test"}, .from_days = -90, .to_days = -1}, &root);
};

}  // namespace

TEST_CASE("dane compare: the server's own certificate", "[policy][dane]") {
    const Certificates c;
    for (std::uint8_t selector = 0; selector <= 1; ++selector) {
        for (std::uint8_t matching = 0; matching <= 2; ++matching) {
            INFO("selector " << int{selector} << " matching " << int{matching});
            CHECK(compare({record(3, selector, matching, c.leaf)}, presented({c.leaf})).outcome ==
                  Outcome::match);
            CHECK(compare({record(3, selector, matching, c.other)}, presented({c.leaf})).outcome ==
                  Outcome::mismatch);
        }
    }
    CHECK(compare({record(3, 1, 1, c.expired)}, presented({c.expired})).outcome == Outcome::match);
    CHECK(compare({record(3, 1, 1, c.wrong_name)}, presented({c.wrong_name})).outcome == Outcome::match);
    CHECK(compare({record(3, 1, 1, c.root)}, presented({c.leaf, c.root})).outcome == Outcome::mismatch);
}

TEST_CASE("dane compare: an authority of one's own", "[policy][dane]") {
    const Certificates c;
    CHECK(compare({record(2, 0, 1, c.root)}, presented({c.leaf, c.root})).outcome == Outcome::match);
    CHECK(compare({record(2, 0, 0, c.root)}, presented({c.leaf, c.root})).outcome == Outcome::match);
    CHECK(compare({record(2, 1, 2, c.root)}, presented({c.leaf, c.root})).outcome == Outcome::match);
    CHECK(compare({record(2, 0, 1, c.other)}, presented({c.leaf, c.root})).outcome == Outcome::mismatch);
    CHECK(compare({record(2, 0, 1, c.root)}, presented({c.leaf})).outcome == Outcome::mismatch);
    const DaneFacts named = compare({record(2, 0, 1, c.root)}, presented({c.wrong_name, c.root}));
    CHECK(named.outcome == Outcome::mismatch);
    CHECK(named.detail == "hostname mismatch");
    const DaneFacts late = compare({record(2, 0, 1, c.root)}, presented({c.expired, c.root}));
    CHECK(late.outcome == Outcome::mismatch);
    CHECK(late.detail == "certificate has expired");
}

TEST_CASE("dane compare: records beside each other", "[policy][dane]") {
    const Certificates c;
    const TlsaRecord odd{.usage = 10, .selector = 1, .matching = 1, .data = std::string(64, 'a')};
    const TlsaRecord cut{.usage = 3, .selector = 1, .matching = 1, .data = "aabb"};
    CHECK(compare({odd, record(3, 1, 1, c.leaf)}, presented({c.leaf})).outcome == Outcome::match);
    CHECK(compare({cut, record(3, 1, 1, c.leaf)}, presented({c.leaf})).outcome == Outcome::match);
    CHECK(compare({record(2, 0, 1, c.other), record(3, 1, 1, c.leaf)}, presented({c.leaf})).outcome ==
          Outcome::match);
    CHECK(compare({odd}, presented({c.leaf})).outcome == Outcome::unusable);
    CHECK(compare({cut}, presented({c.leaf})).outcome == Outcome::unusable);
    const DaneFacts wrong = compare({record(3, 1, 1, c.other)}, presented({c.leaf}));
    CHECK(wrong.better == "_25._tcp.mx.example.test. TLSA 3 1 1 " + tls::tlsa_data(der(c.leaf), 1, 1));
}

TEST_CASE("dane compare: what does not count is not compared", "[policy][dane]") {
    const Certificates c;
    CHECK(compare({record(3, 1, 1, c.other)}, presented({c.leaf}), Dnssec::insecure).outcome ==
          Outcome::insecure);
    CHECK(compare({record(3, 1, 1, c.other)}, presented({c.leaf}), Dnssec::indeterminate).outcome ==
          Outcome::unknown);
    CHECK(compare({record(3, 1, 1, c.other)}, TlsFacts{}).outcome == Outcome::not_compared);
    CHECK(compare({}, presented({c.leaf})).outcome == Outcome::none);
}
