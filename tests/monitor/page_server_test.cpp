// Pages for monitoring over a real socket.
#include "core/monitor/page_server.h"

#include <catch2/catch.hpp>

using namespace maildoctor::monitor;

TEST_CASE("page server: listens on a free port, and says why it cannot listen twice", "[monitor]") {
    const auto find = [](std::string_view path) {
        return path == "/healthz" ? std::optional(Page{"text/plain", "ok\n"}) : std::nullopt;
    };
    const auto server = serve_pages("127.0.0.1:0", find);
    REQUIRE(server);
    CHECK((*server)->address().starts_with("127.0.0.1:"));
    CHECK_FALSE((*server)->address().ends_with(":0"));
    const auto second = serve_pages((*server)->address(), find);
    REQUIRE_FALSE(second);
    CHECK(second.error().find("cannot listen on " + (*server)->address()) == 0);
    CHECK_FALSE(serve_pages("nonsense", find));
    CHECK_FALSE(serve_pages("127.0.0.1:99999", find));
}
