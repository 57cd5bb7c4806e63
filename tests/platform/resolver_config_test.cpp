// Name servers and the hosts file.
#include "core/platform/resolver_config.h"

#include <catch2/catch.hpp>

#include "core/platform/hosts_file.h"

using namespace maildoctor;
using namespace maildoctor::platform;

TEST_CASE("name server: the accepted spellings", "[platform]") {
    struct Case {
        const char* text;
        const char* shown;
    };
    const auto [text, shown] = GENERATE(table<const char*, const char*>({
        {"192.0.2.1", "192.0.2.1"},
        {"192.0.2.1:5353", "192.0.2.1:5353"},
        {"192.0.2.1#54", "192.0.2.1:54"},
        {"2001:db8::1", "2001:db8::1"},
        {"[2001:db8::1]", "2001:db8::1"},
        {"[2001:db8::1]:5353", "[2001:db8::1]:5353"},
        {"2001:db8::1#5353", "[2001:db8::1]:5353"},
        {"192.0.2.1:53", "192.0.2.1"},
    }));
    const auto server = name_server_from(text);
    REQUIRE(server);
    CHECK(server->text() == shown);
}

TEST_CASE("name server: what is none", "[platform]") {
    const auto* text = GENERATE("", "dns.example.test", "192.0.2.1:0", "192.0.2.1:65536",
                                "192.0.2.1:", "[2001:db8::1", "[2001:db8::1]x", "192.0.2.1#", "192.0.2.1:5x",
                                "fe80::1%no-such-interface", "192.0.2.1%lo", "192.0.2.256");
    CAPTURE(text);
    CHECK_FALSE(name_server_from(text));
}

TEST_CASE("name server: a link-local address keeps its interface", "[platform]") {
    const auto server = name_server_from("fe80::1%lo");
    REQUIRE(server);
    CHECK(server->scope == 1);
    CHECK(name_server_from("fe80::1%7")->scope == 7);
}

TEST_CASE("resolv.conf: all servers in order, nothing else", "[platform]") {
    const auto config = parse_resolver_config(
        "# made by hand\nsearch example.test\n nameserver\t192.0.2.1 # first\nnameserver "
        "2001:db8::53\r\noptions timeout:1\n"
        "nameserver 192.0.2.1\nnameserver nonsense\n;nameserver 192.0.2.9\nnameserverx 192.0.2.8\nnameserver "
        "192.0.2.3");
    REQUIRE(config.servers.size() == 3);
    CHECK(config.servers[0].text() == "192.0.2.1");
    CHECK(config.servers[1].text() == "2001:db8::53");
    CHECK(config.servers[2].text() == "192.0.2.3");
    CHECK(parse_resolver_config("").servers.empty());
}

TEST_CASE("resolv.conf: the computer's own always names a server", "[platform]") {
    CHECK_FALSE(resolver_config().servers.empty());
}

TEST_CASE("hosts file: names, aliases and several addresses", "[platform]") {
    const auto file = HostsFile::parse(
        "127.0.0.1 localhost\n::1 localhost ip6-localhost\n192.0.2.7\tMail.Example.TEST mail # the old "
        "server\n"
        "192.0.2.8 mail.example.test\n192.0.2.8 mail.example.test\nnonsense mail.example.test\n# 192.0.2.9 "
        "mail.example.test\n"
        "fe80::1%eth0 router\n192.0.2.10");
    const auto mail = file.addresses_of("mail.example.test.");
    REQUIRE(mail.size() == 2);
    CHECK(mail[0].text() == "192.0.2.7");
    CHECK(mail[1].text() == "192.0.2.8");
    CHECK(file.addresses_of("MAIL").size() == 1);
    CHECK(file.addresses_of("localhost").size() == 2);
    CHECK(file.addresses_of("router").size() == 1);
    CHECK(file.addresses_of("example.test").empty());
    CHECK(file.addresses_of("").empty());
}
