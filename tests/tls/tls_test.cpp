// Handshakes against an OpenSSL server in memory: what is seen of versions, chains and names, and every fault
// kept.
#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "core/async/loop.h"
#include "core/tls/client.h"
#include "tests/tls/pki.h"

using namespace maildoctor;
using namespace maildoctor::testing;
using namespace std::chrono_literals;

namespace {

const char* const name = "mail.example.test";

/// A root, an intermediate, and a client that trusts the root.
struct World {
    Identity root = make_identity({.name = "Test Root CA", .ca = true, .to_days = 900});
    Identity link = make_identity({.name = "Test Intermediate CA", .ca = true, .to_days = 900}, &root);
    Identity stranger = make_identity({.name = "Unknown Root CA", .ca = true, .to_days = 900});
    std::shared_ptr<tls::Client> client =
        *tls::Client::create({.ca_file = write_pem("root", {root.certificate})});
};

World& world() {
    static World the_world;
    return the_world;
}

ServerConfig good_server(std::vector<std::string> names = {name}) {
    return {.leaf = make_identity({.name = names.front(), .dns = names}, &world().link),
            .chain = {world().link.certificate}};
}

net::UpgradeResult meet(const ServerConfig& server, const std::string& host = name,
                        std::shared_ptr<tls::Client> client = world().client) {
    async::Loop loop;
    return loop.run_for(
        client->handshake(connect_to(server), {.host = *HostName::from(host)}, Deadline::after(5s)));
}

using Faults = std::vector<ChainFault>;

}  // namespace

TEST_CASE("handshake: a good server", "[tls]") {
    const auto result = meet(good_server());
    REQUIRE(result.stream);
    CHECK(result.facts.completed);
    CHECK(result.facts.verified);
    CHECK(result.facts.version == "TLSv1.3");
    CHECK(result.facts.group == "X25519");
    CHECK(result.facts.server_name == name);
    CHECK_FALSE(result.facts.weak);
    REQUIRE(result.facts.chain.size() == 2);
    CHECK(result.facts.chain.front().dns_names == std::vector<std::string>{name});
    CHECK(result.facts.chain.front().key == "EC P-256");
    CHECK(result.facts.chain.back().is_ca);
}

namespace {
Task<std::string> echo(net::StreamPtr stream) {
    co_await stream->write("EHLO there\r\n", Deadline::after(1s));
    auto got = co_await stream->read_some(100, Deadline::after(1s));
    co_return got ? *got : "failed: " + got.error().text;
}
}  // namespace

TEST_CASE("tls stream: octets go both ways", "[tls]") {
    const auto result = meet(good_server());
    REQUIRE(result.stream);
    async::Loop loop;
    CHECK(loop.run_for(echo(result.stream)) == "EHLO there\r\n");
}

TEST_CASE("chain: each fault is named", "[tls]") {
    World& w = world();
    SECTION("expired") {
        ServerConfig server{
            .leaf = make_identity({.name = name, .dns = {name}, .from_days = -30, .to_days = -2}, &w.link),
            .chain = {w.link.certificate}};
        CHECK(meet(server).facts.faults == Faults{ChainFault::expired});
    }
    SECTION("not yet valid") {
        ServerConfig server{
            .leaf = make_identity({.name = name, .dns = {name}, .from_days = 5, .to_days = 90}, &w.link),
            .chain = {w.link.certificate}};
        CHECK(meet(server).facts.faults == Faults{ChainFault::not_yet_valid});
    }
    SECTION("for another name") {
        CHECK(meet(good_server({"www.example.test"})).facts.faults == Faults{ChainFault::name_mismatch});
    }
    SECTION("self-signed") {
        ServerConfig server{.leaf = make_identity({.name = name, .dns = {name}})};
        CHECK(meet(server).facts.faults == Faults{ChainFault::self_signed});
    }
    SECTION("of an authority that is not known, which is sent") {
        ServerConfig server{.leaf = make_identity({.name = name, .dns = {name}}, &w.stranger),
                            .chain = {w.stranger.certificate}};
        CHECK(meet(server).facts.faults == Faults{ChainFault::untrusted_issuer});
    }
    SECTION("of an authority that is not known, which is not sent") {
        ServerConfig server{.leaf = make_identity({.name = name, .dns = {name}}, &w.stranger)};
        CHECK(meet(server).facts.faults == Faults{ChainFault::untrusted_issuer});
    }
    SECTION("without its intermediate") {
        ServerConfig server = good_server();
        server.chain.clear();
        auto fresh = *tls::Client::create({.ca_file = write_pem("root-fresh", {w.root.certificate})});
        CHECK(meet(server, name, fresh).facts.faults == Faults{ChainFault::incomplete_chain});
    }
    SECTION("with a key that is too short") {
        ServerConfig server{.leaf = make_identity({.name = name, .dns = {name}, .rsa_bits = 1024}, &w.link),
                            .chain = {w.link.certificate}};
        const auto facts = meet(server).facts;
        CHECK(facts.faults == Faults{ChainFault::weak_key});
        CHECK(facts.weak);
    }
    SECTION("with a signature that is too weak") {
        ServerConfig server{
            .leaf = make_identity({.name = name, .dns = {name}, .digest = EVP_sha1()}, &w.link),
            .chain = {w.link.certificate}};
        CHECK(meet(server).facts.faults == Faults{ChainFault::weak_signature});
    }
    SECTION("two faults at once") {
        ServerConfig server{
            .leaf = make_identity(
                {.name = "old", .dns = {"old.example.test"}, .from_days = -30, .to_days = -2}, &w.link),
            .chain = {w.link.certificate}};
        CHECK(meet(server).facts.faults == Faults{ChainFault::expired, ChainFault::name_mismatch});
    }
}

TEST_CASE("chain: an intermediate that another server sends proves the missing link",
          "[tls][tls.incomplete-chain]") {
    World& w = world();
    const Identity odd = make_identity({.name = "Signing Service 7", .ca = true, .to_days = 900}, &w.root);
    ServerConfig whole{.leaf = make_identity({.name = name, .dns = {name}}, &odd),
                       .chain = {odd.certificate}};
    ServerConfig alone{.leaf = make_identity({.name = name, .dns = {name}}, &odd)};
    auto client = *tls::Client::create({.ca_file = write_pem("root-links", {w.root.certificate})});
    CHECK(meet(whole, name, client).facts.verified);
    CHECK(meet(alone, name, client).facts.faults == Faults{ChainFault::incomplete_chain});
}

TEST_CASE("names: wildcard, address and no common name", "[tls][tls.name-mismatch]") {
    CHECK(meet(good_server({"*.example.test"})).facts.verified);
    CHECK_FALSE(meet(good_server({"*.example.test"}), "a.b.example.test").facts.verified);
    CHECK_FALSE(meet(good_server({"m*.example.test"})).facts.verified);
    CHECK(meet(good_server({"192.0.2.7"}), "192.0.2.7").facts.verified);
    CHECK(meet(good_server({"192.0.2.7"}), "192.0.2.7").facts.server_name.empty());
    const ServerConfig only_common_name{.leaf = make_identity({.name = name}, &world().link),
                                        .chain = {world().link.certificate}};
    CHECK(meet(only_common_name).facts.faults == Faults{ChainFault::name_mismatch});
}

TEST_CASE("versions: an old server is seen and called weak", "[tls][tls.weak]") {
    ServerConfig server = good_server();
    server.max_version = TLS1_VERSION;
    const auto result = meet(server);
    REQUIRE(result.stream);
    CHECK(result.facts.version == "TLSv1");
    CHECK(result.facts.weak);
    CHECK_THAT(result.facts.weak_reason, Catch::Contains("TLSv1"));
}

TEST_CASE("alerts: no common cipher", "[tls][tls.protocol-mismatch]") {
    ServerConfig server = good_server();
    server.max_version = TLS1_2_VERSION;
    server.ciphers = "ECDHE-RSA-AES128-GCM-SHA256";  // the key is P-256: nothing fits
    const auto result = meet(server);
    CHECK_FALSE(result.stream);
    REQUIRE(result.failure);
    CHECK(result.failure->kind == FailureKind::tls_alert);
    CHECK(result.facts.alert == 40);
}

TEST_CASE("plain text where TLS was asked is kept", "[tls][tls.wrong-mode]") {
    const std::string greeting =
        GENERATE("* OK Dovecot ready.\r\n", "+OK\r\n", "220 mail.example.test ESMTP\r\n",
                 "HTTP/1.1 400 Bad Request\r\n\r\n", "-");
    const auto result = meet(ServerConfig{.plain_answer = greeting});
    CHECK_FALSE(result.stream);
    REQUIRE(result.failure);
    CHECK(result.failure->kind == FailureKind::bad_syntax);
    CHECK(result.facts.text_answer);
    CHECK(result.facts.peer_text == greeting.substr(0, greeting.find('\r')));
}

TEST_CASE("a CA file that cannot be used is one clear line", "[tls]") {
    const auto client = tls::Client::create({.ca_file = "/nonexistent/ca.pem"});
    REQUIRE_FALSE(client);
    CHECK_THAT(client.error().text, Catch::Contains("/nonexistent/ca.pem"));
}

namespace {

/// Clients that trust the root and see a chain for the first time.
std::shared_ptr<tls::Client> fresh_client(std::chrono::milliseconds chain_life) {
    return *tls::Client::create(
        {.ca_file = write_pem("root-memory", {world().root.certificate}), .chain_life = chain_life});
}

}  // namespace

TEST_CASE("chain memory: the same certificates are verified once, and the name each time", "[tls]") {
    const auto client = fresh_client(10min);
    const ServerConfig server = good_server();
    CHECK(meet(server, name, client).facts.verified);
    CHECK(meet(server, name, client).facts.verified);
    CHECK(client->verifications() == 1);
    const auto elsewhere = meet(server, "other.example.test", client).facts;
    CHECK(elsewhere.faults == Faults{ChainFault::name_mismatch});
    CHECK(client->verifications() == 1);
}

TEST_CASE("chain memory: every presented certificate counts, and their order", "[tls]") {
    const auto client = fresh_client(10min);
    ServerConfig server = good_server();
    CHECK(meet(server, name, client).facts.chain_in_order);
    server.chain.insert(server.chain.begin(), world().stranger.certificate);
    const auto mixed = meet(server, name, client).facts;
    CHECK(mixed.verified);
    CHECK_FALSE(mixed.chain_in_order);
    server.chain.clear();
    CHECK(meet(server, name, client).facts.faults == Faults{ChainFault::incomplete_chain});
    CHECK(client->verifications() == 3);
}

TEST_CASE("chain memory: faults are remembered as well", "[tls]") {
    const auto client = fresh_client(10min);
    const ServerConfig server{.leaf = make_identity({.name = name, .dns = {name}}, &world().stranger)};
    const auto first = meet(server, name, client).facts, second = meet(server, name, client).facts;
    CHECK(first.faults == Faults{ChainFault::untrusted_issuer});
    CHECK(second.faults == first.faults);
    CHECK(second.verify_errors.size() == first.verify_errors.size());
    CHECK(client->verifications() == 1);
}

TEST_CASE("chain memory: none, or over, means that the chain is verified anew", "[tls]") {
    for (const auto life : {0ms, 1ms}) {
        const auto client = fresh_client(life);
        const ServerConfig server = good_server();
        CHECK(meet(server, name, client).facts.verified);
        std::this_thread::sleep_for(2ms);
        CHECK(meet(server, name, client).facts.verified);
        CHECK(client->verifications() == 2);
    }
}

TEST_CASE("chain memory: stores do not share it", "[tls]") {
    const ServerConfig server{.leaf = make_identity({.name = name, .dns = {name}}, &world().stranger)};
    const auto wary = fresh_client(10min);
    const auto trusting =
        *tls::Client::create({.ca_file = write_pem("root-stranger", {world().stranger.certificate})});
    CHECK_FALSE(meet(server, name, wary).facts.verified);
    CHECK(meet(server, name, trusting).facts.verified);
    CHECK_FALSE(meet(server, name, wary).facts.verified);
}

TEST_CASE("chain memory: loops of several threads may use it", "[tls]") {
    const auto client = fresh_client(10min);
    const ServerConfig server = good_server();
    std::atomic<int> verified{0};
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&] {
                for (int n = 0; n < 5; ++n)
                    if (meet(server, name, client).facts.verified) ++verified;
            });
    }
    CHECK(verified == 20);
    CHECK(client->verifications() >= 1);
    CHECK(client->verifications() <= 4);
}

TEST_CASE("keys of every kind that certificates have are read", "[tls]") {
    for (const int bits : {0, 2048, 3072}) {
        const ServerConfig server{
            .leaf = make_identity({.name = name, .dns = {name}, .rsa_bits = bits}, &world().link),
            .chain = {world().link.certificate}};
        const auto facts = meet(server).facts;
        CHECK(facts.verified);
        CHECK(facts.chain.front().key == (bits == 0 ? "EC P-256" : "RSA " + std::to_string(bits)));
    }
}
