// What can be learned from first messages alone: against servers on paper, and against OpenSSL in memory.
#include "core/tls/survey.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string_view>

#include "core/async/loop.h"
#include "core/tls/cipher_suites.h"
#include "tests/tls/paper_server.h"
#include "tests/tls/pki.h"

using namespace maildoctor;
using namespace maildoctor::testing;
using namespace std::chrono_literals;
using tls::ClientHello;
using tls::suite_code;

namespace {

using Codes = std::vector<std::uint16_t>;

Task<tls::Reply> ask_once(std::function<net::StreamPtr()> connect, std::string hello, tls::ReadUntil until) {
    return tls::exchange_hello(connect(), std::move(hello), until, Deadline::after(1s));
}

TlsSurvey survey(std::function<net::StreamPtr()> connect, std::vector<tls::ClientTemplate> clients = {},
                 int most = 300) {
    async::Loop loop;
    return loop.run_for(tls::run_survey(
        {.server_name = "mail.example.test", .clients = std::move(clients), .most_connections = most},
        [connect](std::string hello, tls::ReadUntil until) {
            return ask_once(connect, std::move(hello), until);
        }));
}

TlsSurvey survey(const PaperServer& server, std::vector<tls::ClientTemplate> clients = {}) {
    return survey([server] { return connect_to_paper(server); }, std::move(clients));
}

Codes codes_of(const TlsSurvey& seen, TlsVersion version) {
    Codes codes;
    for (const CipherSeen& cipher : find_version(seen, version)->ciphers)
        codes.push_back(cipher.code);
    return codes;
}

std::vector<TlsVersion> offered(const TlsSurvey& seen) {
    std::vector<TlsVersion> all;
    for (const VersionSeen& version : seen.versions)
        if (version.offered == Answer::yes) all.push_back(version.version);
    return all;
}

const Codes old_suites = {suite_code("TLS_RSA_WITH_RC4_128_MD5"), suite_code("TLS_RSA_WITH_3DES_EDE_CBC_SHA"),
                          suite_code("TLS_RSA_EXPORT_WITH_RC4_40_MD5")};

}  // namespace

TEST_CASE("client hello: says what it was told, to the last octet", "[tls][survey]") {
    ClientHello hello{.newest = TlsVersion::tls1_3,
                      .supported_versions = {TlsVersion::tls1_3, TlsVersion::tls1_2},
                      .ciphers = {0x1301, 0xc02f},
                      .server_name = "mail.example.test",
                      .groups = {0x001d, 0x0017},
                      .signature_algorithms = {0x0403},
                      .session_ticket = true};
    const PaperHello read = read_paper_hello(tls::client_hello_record(hello));
    CHECK(read.legacy_version == 0x0303);
    CHECK(read.ciphers == Codes{0x1301, 0xc02f});
    CHECK(read.versions == Codes{0x0304, 0x0303});
    CHECK(read.groups == Codes{0x001d, 0x0017});
    CHECK(read.server_name == "mail.example.test");
    CHECK(read.extensions == Codes{0, 10, 11, 13, 35, 43, 45, 51});
    CHECK_FALSE(read.has_key_share);
    hello.key_share = tls::x25519;
    CHECK(read_paper_hello(tls::client_hello_record(hello)).has_key_share);
}

TEST_CASE("client hello: SSL 3 knows no extensions", "[tls][survey]") {
    const PaperHello read =
        read_paper_hello(tls::client_hello_record({.newest = TlsVersion::ssl3, .ciphers = {0x0004}}));
    CHECK(read.legacy_version == 0x0300);
    CHECK(read.ciphers == Codes{0x0004, 0x00ff});
    CHECK(read.extensions.empty());
}

TEST_CASE("server answer: octet by octet it is the same", "[tls][survey]") {
    const PaperServer server{.ciphers = {suite_code("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")}, .chunk = 1};
    async::Loop loop;
    const auto reply = loop.run_for(tls::exchange_hello(
        connect_to_paper(server), tls::client_hello_record({.ciphers = server.ciphers, .groups = {0x0017}}),
        tls::ReadUntil::key_exchange, Deadline::after(1s)));
    CHECK(reply.answer.version == TlsVersion::tls1_2);
    CHECK(reply.answer.cipher == server.ciphers.front());
    CHECK(reply.answer.group == 0x0017);
    CHECK(reply.answer.sent_certificate);
    CHECK_FALSE(reply.failure);
}

TEST_CASE("server answer: what is no TLS", "[tls][survey]") {
    const auto failure_of = [](std::string_view octets) {
        tls::ServerAnswerReader reader(tls::ReadUntil::hello);
        const auto fed = reader.feed(octets);
        REQUIRE_FALSE(fed);
        return fed.error().kind;
    };
    CHECK(failure_of("220 mail.example.test ESMTP\r\n") == FailureKind::bad_syntax);
    CHECK(failure_of(std::string_view("\x16\x03\x01\xff\xff", 5)) == FailureKind::too_large);
    CHECK(failure_of(std::string_view("\x16\x03\x01\x00\x00", 5)) == FailureKind::bad_syntax);
    CHECK(failure_of(std::string_view("\x16\x03\x01\x00\x04\x0b\x00\x00\x00", 9)) == FailureKind::bad_syntax);
    CHECK(failure_of(std::string_view("\x16\x03\x01\x00\x04\x02\xff\xff\xff", 9)) == FailureKind::too_large);
}

TEST_CASE("survey: a server of long ago", "[tls][survey]") {
    const TlsSurvey seen = survey(
        {.versions = {0x0002, 0x0300}, .ciphers = old_suites, .deflate = true, .renegotiation_info = false});
    CHECK(offered(seen) == std::vector{TlsVersion::ssl3, TlsVersion::ssl2});
    CHECK(codes_of(seen, TlsVersion::ssl3) == old_suites);
    CHECK(find_version(seen, TlsVersion::ssl3)->own_order == Answer::yes);
    CHECK(find_version(seen, TlsVersion::tls1_0)->because == "answers with SSL 3");
    CHECK(seen.compression == Answer::yes);
    CHECK(seen.versions.back().version == TlsVersion::ssl2);
}

TEST_CASE("survey: TLS 1.0 with RC4 and a short Diffie-Hellman group", "[tls][survey]") {
    Codes suites = old_suites;
    suites.push_back(suite_code("TLS_DHE_RSA_WITH_AES_128_CBC_SHA"));
    const TlsSurvey seen = survey({.versions = {0x0301}, .ciphers = suites, .dh_octets = 64});
    CHECK(offered(seen) == std::vector{TlsVersion::tls1_0});
    CHECK(codes_of(seen, TlsVersion::tls1_0) == suites);
    CHECK(seen.dh_bits == 512);
    CHECK(seen.compression == Answer::no);
    CHECK(seen.secure_renegotiation == Answer::yes);
    CHECK(seen.downgrade_protection == Answer::unknown);  // there is nothing to go down to
    const auto& ciphers = find_version(seen, TlsVersion::tls1_0)->ciphers;
    CHECK(ciphers[0].strength == CipherStrength::weak);
    CHECK(ciphers[2].strength == CipherStrength::broken);
    CHECK(ciphers[3].strength == CipherStrength::old);
}

TEST_CASE("survey: TLS 1.2 and 1.3, groups, order and downgrade protection", "[tls][survey]") {
    PaperServer server{.versions = {0x0303, 0x0304},
                       .ciphers = {0x1302, 0x1301, suite_code("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
                                   suite_code("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"),
                                   suite_code("TLS_RSA_WITH_AES_128_CBC_SHA")},
                       .groups = {0x0018, 0x001d}};
    SECTION("by the server's order") {
        const TlsSurvey seen = survey(server);
        CHECK(offered(seen) == std::vector{TlsVersion::tls1_3, TlsVersion::tls1_2});
        CHECK(codes_of(seen, TlsVersion::tls1_3) == Codes{0x1302, 0x1301});
        CHECK(find_version(seen, TlsVersion::tls1_2)->own_order == Answer::yes);
        CHECK(seen.groups == std::vector<GroupSeen>{{0x0018, "P-384"}, {0x001d, "X25519"}});
        CHECK(seen.downgrade_protection == Answer::yes);
        CHECK(seen.extended_master_secret == Answer::yes);
        CHECK(seen.stopped.empty());
    }
    SECTION("by the client's order") {
        server.own_order = server.fallback_scsv = false;
        const TlsSurvey seen = survey(server);
        CHECK(find_version(seen, TlsVersion::tls1_2)->own_order == Answer::no);
        CHECK(codes_of(seen, TlsVersion::tls1_2).size() == 3);
        CHECK(seen.downgrade_protection == Answer::no);
    }
    SECTION("that wants a key share") {
        server.needs_key_share = true;
        CHECK(codes_of(survey(server), TlsVersion::tls1_3) == Codes{0x1302, 0x1301});
    }
}

TEST_CASE("survey: a server that drops long lists is asked with a short one", "[tls][survey]") {
    const TlsSurvey seen =
        survey({.ciphers = {suite_code("TLS_RSA_WITH_AES_128_CBC_SHA")}, .silent_about_long_lists = true});
    CHECK(offered(seen) == std::vector{TlsVersion::tls1_2});
    CHECK_FALSE(find_version(seen, TlsVersion::tls1_2)->complete);
}

TEST_CASE("survey: what old mail programs meet", "[tls][survey]") {
    const Codes aes = {suite_code("TLS_RSA_WITH_AES_128_CBC_SHA")};
    const std::vector<tls::ClientTemplate> clients = {
        {.id = "old", .name = "Old Mail", .hello = {.newest = TlsVersion::tls1_0, .ciphers = aes}},
        {.id = "rc4",
         .name = "RC4 Mail",
         .hello = {.newest = TlsVersion::tls1_2, .ciphers = {old_suites[0]}}},
        {.id = "java",
         .name = "Java Mail",
         .hello = {.newest = TlsVersion::tls1_2, .ciphers = {suite_code("TLS_DHE_RSA_WITH_AES_128_CBC_SHA")}},
         .most_dh = 1024},
        {.id = "new", .name = "New Mail", .hello = {.newest = TlsVersion::tls1_2, .ciphers = aes}}};
    const PaperServer server{.ciphers = {aes.front(), suite_code("TLS_DHE_RSA_WITH_AES_128_CBC_SHA")}};
    const TlsSurvey seen = survey(server, clients);
    REQUIRE(seen.clients.size() == 4);
    CHECK(seen.clients[0].connects == Answer::no);
    CHECK(seen.clients[0].obstacle == Obstacle::version);
    CHECK(seen.clients[0].best_version == "TLS 1.0");
    CHECK(seen.clients[1].obstacle == Obstacle::cipher);
    CHECK(seen.clients[2].obstacle == Obstacle::large_key);
    CHECK(seen.clients[3].connects == Answer::yes);
    CHECK(seen.clients[3].version == "TLS 1.2");
}

TEST_CASE("survey: a server that turns us away is left alone", "[tls][survey]") {
    int asked = 0;
    async::Loop loop;
    const TlsSurvey seen =
        loop.run_for(tls::run_survey({}, [&asked](std::string, tls::ReadUntil) -> Task<tls::Reply> {
            ++asked;
            struct Away {
                static Task<tls::Reply> reply() {
                    co_return tls::Reply{.failure = Failure{.stage = Stage::greeting,
                                                            .kind = FailureKind::rejected,
                                                            .text = "421 too many connections"}};
                }
            };
            return Away::reply();
        }));
    CHECK(asked <= 3);
    CHECK(seen.stopped == "421 too many connections");
    CHECK(offered(seen).empty());
    CHECK(find_version(seen, TlsVersion::tls1_2)->offered == Answer::unknown);
}

TEST_CASE("survey: the number of connections is bounded", "[tls][survey]") {
    const PaperServer server{.versions = {0x0301, 0x0302, 0x0303}, .ciphers = old_suites};
    const TlsSurvey seen = survey([server] { return connect_to_paper(server); }, {}, 5);
    CHECK(seen.connections == 5);
    CHECK(seen.stopped == "5 connections were enough");
}

TEST_CASE("survey: OpenSSL's own server is read right", "[tls][survey]") {
    const Identity root = make_identity({.name = "Root", .ca = true});
    const Identity leaf =
        make_identity({.name = "mail.example.test", .dns = {"mail.example.test"}, .rsa_bits = 2048}, &root);
    const ServerConfig server{.leaf = leaf,
                              .min_version = TLS1_2_VERSION,
                              .ciphers = "ECDHE-RSA-AES256-GCM-SHA384:AES128-SHA:ECDHE-RSA-AES128-SHA"};
    const TlsSurvey seen = survey([server] { return connect_to(server); });
    CHECK(offered(seen) == std::vector{TlsVersion::tls1_3, TlsVersion::tls1_2});
    Codes codes = codes_of(seen, TlsVersion::tls1_2);
    std::ranges::sort(codes);
    CHECK(codes == Codes{0x002f, 0xc013, 0xc030});
    CHECK(find_version(seen, TlsVersion::tls1_2)->own_order == Answer::no);
    CHECK(codes_of(seen, TlsVersion::tls1_3).size() == 3);
    CHECK(seen.downgrade_protection == Answer::yes);
    CHECK(seen.secure_renegotiation == Answer::yes);
    CHECK(std::ranges::find(seen.groups, "X25519", &GroupSeen::name) != seen.groups.end());
    CHECK(find_version(seen, TlsVersion::tls1_0)->offered == Answer::no);
    CHECK(find_version(seen, TlsVersion::tls1_0)->because == "alert 70 (protocol version)");
}

TEST_CASE("survey: single versions are asked for, and nothing else", "[tls][survey]") {
    const PaperServer server{.versions = {0x0301, 0x0303}, .ciphers = old_suites};
    async::Loop loop;
    const TlsSurvey seen = loop.run_for(tls::run_survey(
        {.server_name = "mail.example.test", .only = versions_below(2)},
        [server](std::string hello, tls::ReadUntil until) {
            return ask_once([server] { return connect_to_paper(server); }, std::move(hello), until);
        }));
    CHECK(seen.versions.size() == 3);
    CHECK(offers(seen, TlsVersion::tls1_0));
    CHECK_FALSE(offers(seen, TlsVersion::tls1_1));
    CHECK(find_version(seen, TlsVersion::tls1_2) == nullptr);
    CHECK(seen.connections <= 6);
    CHECK(seen.clients.empty());
    CHECK(versions_below(0) == std::vector{TlsVersion::ssl3});
    CHECK(versions_below(3).back() == TlsVersion::tls1_2);
}
