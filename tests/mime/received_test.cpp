// The way of a message out of its Received fields.
#include "core/mime/received.h"

#include <catch2/catch.hpp>

using namespace maildoctor;

TEST_CASE("received: the first server first, folded lines and comments", "[mime][received]") {
    const auto path = mime::received_path(
        "Return-Path: <kim@example.org>\r\n"
        "Received: from out.example.org (out.example.org [192.0.2.25])\r\n"
        "\tby mx.example.net (Postfix (Debian)) with ESMTPS id 4D2\r\n"
        "\tfor <user@example.net>; Sat, 21 Nov 2026 22:00:03 +0100 (CET)\r\n"
        "received: from pc (unknown)\r\n by out.example.org; Sat, 21 Nov 2026 21:00:01 +0000\r\n"
        "Subject: from nowhere by chance\r\n\r\nReceived: from body by body; nonsense\r\n");
    REQUIRE(path.size() == 2);
    CHECK(path[0].from == "pc");
    CHECK(path[0].by == "out.example.org");
    CHECK(path[1].from == "out.example.org");
    CHECK(path[1].by == "mx.example.net");
    REQUIRE(path[0].time);
    REQUIRE(path[1].time);
    CHECK(*path[1].time - *path[0].time == 2);
}

TEST_CASE("received: what servers leave out or get wrong", "[mime][received][hostile]") {
    CHECK(mime::received_path("").empty());
    CHECK(mime::received_path("Received").empty());
    const auto odd = mime::received_path("Received: by mx.example.net; 99 Foo\r\nReceived: ((((from x\r\n");
    REQUIRE(odd.size() == 2);
    CHECK(odd[1].by == "mx.example.net");
    CHECK_FALSE(odd[1].time);
    CHECK(odd[0].from.empty());
    std::string many;
    for (int i = 0; i < 80; ++i)
        many += "Received: from a by b\r\n";
    CHECK(mime::received_path(many).size() == mime::max_hops);
    CHECK(mime::received_path("Received: from \x1b[2J by x\r\n")[0].from == "\\x1B[2J");
}
