#include "core/protocol/date.h"

#include <catch2/catch.hpp>

using maildoctor::protocol::date_in;

TEST_CASE("date: as mail and web servers write it", "[protocol][client.clock-wrong]") {
    constexpr std::int64_t moment = 1795315200;  // 2026-11-22 02:40:00 UTC
    CHECK(date_in("Sun, 22 Nov 2026 02:40:00 GMT") == moment);
    CHECK(date_in("220 mail.example.test ESMTP Postfix; Sun, 22 Nov 2026 03:40:00 +0100 (CET)") == moment);
    CHECK(date_in("220 mail.example.test ESMTP Exim 4.96 Sat, 21 Nov 2026 21:40:00 -0500") == moment);
    CHECK(date_in("22 Nov 2026 02:40 UT") == moment);
    CHECK(date_in("2 Jan 1970 00:00:01 +0000") == 86401);
    CHECK(date_in("29 Feb 2028 00:00:00 GMT") == 1835395200);
}

TEST_CASE("date: what is none", "[protocol]") {
    for (const char* const text :
         {"", "220 mail.example.test ESMTP", "Sun, 22 Nov 2026", "22 Nov 2026 02:40:00",
          "22 Nov 2026 02:40:00 CET", "31 Feb 2026 02:40:00 GMT", "22 Foo 2026 02:40:00 GMT",
          "22 Nov 26 02:40:00 GMT", "22 Nov 1969 02:40:00 GMT", "22 Nov 2026 24:00:00 GMT",
          "22 Nov 2026 02:60:00 GMT", "122 Nov 2026 02:40:00 GMT", "22 Nov 20266 02:40:00 GMT",
          "22 Nov 2026 02:40:00 +01", "22 Nov 2026 2:40:00 GMT"})
        CHECK_FALSE(date_in(text));
}
