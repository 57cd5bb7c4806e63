// Reading trust anchors.
#include "core/dns/trust_anchors.h"

#include <catch2/catch.hpp>

#include "core/dns/trust_anchors_set.h"

using namespace maildoctor::dns;

TEST_CASE("trust anchors: DS and DNSKEY lines with comments", "[dns][dnssec]") {
    const auto anchors = parse_trust_anchors(
        "; the root\n. IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D ; "
        "2017\n\n"
        "Example.TEST. 3600 IN DNSKEY 257 3 13 "
        "oJMRESz5E4gYzS/q6XDrvU1qMPYIjCWzJaOau8XNEZeqCYKD5ar0IRd8KqXXFJkqmVfRvMGPmM1x8fGAa2XhSA==\r\n");
    REQUIRE(anchors);
    CHECK((*anchors)->count() == 2);
    CHECK((*anchors)->zone_above("mail.example.test") == "example.test");
    CHECK((*anchors)->zone_above("example.test") == "example.test");
    CHECK((*anchors)->zone_above("badexample.test") == "");
    CHECK((*anchors)->zone_above("") == "");
}

TEST_CASE("trust anchors: an island without the root", "[dns][dnssec]") {
    const auto anchors = parse_trust_anchors(
        "test. IN DS 1 13 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D");
    REQUIRE(anchors);
    CHECK((*anchors)->zone_above("example.test") == "test");
    CHECK_FALSE((*anchors)->zone_above("example.com"));
}

TEST_CASE("trust anchors: what is none is named with its line", "[dns][dnssec]") {
    CHECK(parse_trust_anchors("").error().find("no DS or DNSKEY") != std::string::npos);
    CHECK(parse_trust_anchors("; only a comment\n").error().find("no DS or DNSKEY") != std::string::npos);
    CHECK(parse_trust_anchors(". IN DS 20326 8 2 "
                              "E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\nexample."
                              "test. IN A 192.0.2.1\n")
              .error() == "line 2 is no DS or DNSKEY record");
    CHECK(parse_trust_anchors("nonsense").error() == "line 1 is no DS or DNSKEY record");
    CHECK(read_trust_anchors("/nonexistent/root.key").error() == "/nonexistent/root.key: does not exist");
}

TEST_CASE("trust anchors: the root's keys are always there", "[dns][dnssec]") {
    const TrustAnchorsPtr anchors = default_trust_anchors();
    REQUIRE(anchors);
    CHECK(anchors->count() >= 2);
    CHECK(anchors->zone_above("example.test") == "");
}
