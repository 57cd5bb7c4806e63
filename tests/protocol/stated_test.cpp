// Pauses and limits in the words of refusals.
#include "core/protocol/stated.h"

#include <catch2/catch.hpp>

using namespace maildoctor::protocol;
using std::chrono::seconds;

TEST_CASE("pause: what a refusal asks for", "[protocol][pause]") {
    CHECK(asked_pause("454 4.7.0 Too many failures, try again in 30 seconds") == seconds{30});
    CHECK(asked_pause("-ERR [LOGIN-DELAY] wait 2 minutes.") == seconds{120});
    CHECK(asked_pause("NO [UNAVAILABLE] Please retry after 60s") == seconds{60});
    CHECK(asked_pause("421 try again after 1 hour") == seconds{3600});
    CHECK_FALSE(asked_pause("454 4.7.0 try again later"));
    CHECK_FALSE(asked_pause("mailbox is 30 seconds old"));
    CHECK_FALSE(asked_pause("wait 0 seconds"));
    CHECK_FALSE(asked_pause("wait 99999999999999999999 hours"));
    CHECK_FALSE(asked_pause("wait 100000 minutes"));
    CHECK_FALSE(asked_pause(""));
}
