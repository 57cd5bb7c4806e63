// Whether a client plainly belongs to a server's network.
#include "core/probe/relay.h"

#include <catch2/catch.hpp>

using namespace maildoctor;

namespace {

IpAddress ip(std::string_view text) {
    return *IpAddress::from(text);
}

}  // namespace

TEST_CASE("relay probe: the same /24 or /64 is the same network", "[probe][relay]") {
    CHECK(probe::shared_network(ip("192.0.2.9"), ip("192.0.2.250")).contains("/24"));
    CHECK(probe::shared_network(ip("192.0.3.9"), ip("192.0.2.250")).empty());
    CHECK(probe::shared_network(ip("2001:db8::9"), ip("2001:db8:0:0:1::1")).contains("/64"));
    CHECK(probe::shared_network(ip("2001:db8:0:1::9"), ip("2001:db8::1")).empty());
    CHECK(probe::shared_network(ip("2001:db8::9"), ip("192.0.2.250")).empty());
    CHECK(probe::shared_network(ip("127.0.0.1"), ip("127.9.9.9")).contains("very computer"));
    CHECK(probe::shared_network(ip("192.0.2.9"), ip("192.0.2.9")).contains("very computer"));
}

TEST_CASE("relay probe: the address that a server sees, from its EHLO answer", "[probe][relay]") {
    CHECK(probe::address_in("Hello pc.example.org [192.0.2.7], pleased to meet you") == ip("192.0.2.7"));
    CHECK(probe::address_in("Hello [127.0.0.1] [192.0.2.7]") == ip("192.0.2.7"));
    CHECK(probe::address_in("Hello [192.0.2.7] [nonsense] ]]") == ip("192.0.2.7"));
    CHECK(probe::address_in("at your service, [IPv6:2001:db8::7]") == ip("2001:db8::7"));
    CHECK_FALSE(probe::address_in("Hello [no address] there"));
    CHECK_FALSE(probe::address_in("["));
    CHECK_FALSE(probe::address_in(""));
    CHECK_FALSE(probe::address_in(std::string(1000, 'x') + "[192.0.2.7]"));
}
