#include "core/http/response.h"

#include <catch2/catch.hpp>

using namespace maildoctor;
using http::ResponseReader;

TEST_CASE("http response: bodies by length, by chunks and by the end of the stream", "[http]") {
    struct Case {
        std::string bytes, body;
        bool complete;
    };
    const auto c = GENERATE(values<Case>({
        {"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabcd", "abcd", true},
        {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "", true},
        {"HTTP/1.1 204 No Content\r\n\r\n", "", true},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1;x\r\nd\r\n0\r\nT: 1\r\n\r\n",
         "abcd", true},
        {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabcd", "abcd", true},
        {"HTTP/1.0 200 OK\n\nabcd", "abcd", false},
    }));
    for (const std::size_t step : {std::size_t{1}, std::size_t{7}, c.bytes.size()}) {
        CAPTURE(c.bytes, step);
        ResponseReader reader;
        bool complete = false;
        for (std::size_t at = 0; at < c.bytes.size(); at += step) {
            const auto fed = reader.feed(std::string_view(c.bytes).substr(at, step));
            REQUIRE(fed);
            complete = *fed;
        }
        CHECK(complete == c.complete);
        CHECK(reader.end());
        CHECK(reader.response().body == c.body);
    }
}

TEST_CASE("http response: what is none, what is cut off, what is too large", "[http]") {
    const auto kind_of = [](std::string_view bytes) {
        ResponseReader reader;
        const auto fed = reader.feed(bytes);
        if (!fed) return fed.error().kind;
        REQUIRE_FALSE(*fed);
        const auto end = reader.end();
        REQUIRE_FALSE(end);
        return end.error().kind;
    };
    CHECK(kind_of("220 mail.example.test ESMTP\r\n") == FailureKind::bad_syntax);
    for (const char* status : {"600 Continue", "99 Early", "2000 OK", "+20 OK", "abc", ""})
        CHECK(kind_of("HTTP/1.1 " + std::string(status) + "\r\n\r\n") == FailureKind::bad_syntax);
    CHECK(kind_of("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n") == FailureKind::bad_syntax);
    CHECK(kind_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n") == FailureKind::bad_syntax);
    CHECK(kind_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n") ==
          FailureKind::bad_syntax);
    CHECK(kind_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n") == FailureKind::bad_syntax);
    CHECK(kind_of("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc") == FailureKind::peer_closed);
    CHECK(kind_of("HTTP/1.1 200 OK\r\nContent-Le") == FailureKind::peer_closed);
    CHECK(kind_of("HTTP/1.1 200 OK\r\nContent-Length: 1048577\r\n\r\n") == FailureKind::too_large);
    CHECK(kind_of("HTTP/1.1 200 OK\r\n\r\n" + std::string(http::max_body + 1, 'x')) ==
          FailureKind::too_large);
    CHECK(kind_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n") ==
          FailureKind::too_large);
    CHECK(kind_of("HTTP/1.1 200 OK\r\nX: " + std::string(http::max_head, 'x')) == FailureKind::too_large);
}

TEST_CASE("http response: the status line", "[http]") {
    struct Case {
        std::string_view head;
        int status;
        std::string_view reason;
    };
    for (const Case& c :
         {Case{"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, "OK"},
          Case{"HTTP/1.1 599 \r\nContent-Length: 0\r\n\r\n", 599, ""},
          Case{"HTTP/1.0 404\nContent-Length: 0\n\n", 404, ""},
          Case{"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", 204, "No Content"}}) {
        INFO(c.head);
        ResponseReader reader;
        const auto fed = reader.feed(c.head);
        REQUIRE(fed);
        CHECK(*fed);
        CHECK(reader.response().status == c.status);
        CHECK(reader.response().reason == c.reason);
    }
}
