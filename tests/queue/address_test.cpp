// Addresses of queues on the command line.
#include "core/queue/address.h"

#include <catch2/catch.hpp>

using namespace maildoctor::queue;

TEST_CASE("queue address: what is one", "[queue]") {
    struct Case {
        const char* text;
        const char* host;
        int port;
        const char* stream;
    };
    for (const Case& c :
         {Case{"redis://queue.example.org:6380/nightly", "queue.example.org", 6380, "nightly"},
          Case{"redis://127.0.0.1/a:b", "127.0.0.1", 6379, "a:b"},
          Case{"redis://[2001:db8::1]:6379/x", "2001:db8::1", 6379, "x"},
          Case{"redis://[::1]/x", "::1", 6379, "x"}}) {
        INFO(c.text);
        const auto address = parse_queue_address(c.text);
        REQUIRE(address);
        CHECK(address->host == c.host);
        CHECK(address->port == c.port);
        CHECK(address->stream == c.stream);
        CHECK(parse_queue_address(address->text())->text() == address->text());
    }
}

TEST_CASE("queue address: what is none, and a password is neither taken nor repeated", "[queue]") {
    for (const char* text : {"", "queue.example.org", "http://q/x", "redis://q", "redis://q/", "redis:///x",
                             "redis://q:0/x", "redis://q:65536/x", "redis://q:/x", "redis://q:6379/x y",
                             "redis://2001:db8::1/x", "redis://[::1/x", "redis://q/x\n", "rediss://q/x"}) {
        INFO(text);
        CHECK_FALSE(parse_queue_address(text));
    }
    const auto refused = parse_queue_address("redis://:hunter2@q:6379/x");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().find("hunter2") == std::string::npos);
    CHECK(refused.error().find("--queue-password-file") != std::string::npos);
}
