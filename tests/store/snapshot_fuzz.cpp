// Property: a report of anybody is compared with itself without a difference, or refused in a few words; what
// it tells of other runs is bounded.
#include <cstdint>

#include "core/store/compare.h"
#include "core/store/other_runs.h"
#include "tests/support/parser_properties.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    maildoctor::OtherRuns runs;
    const bool read = maildoctor::store::add_run(bytes, "fuzz", runs).has_value();
    maildoctor::testing::require(read || (runs.relays.empty() && runs.starttls.empty()),
                                 "a refused report adds nothing");
    for (const auto& seen : runs.relays)
        maildoctor::testing::require(seen.port > 0 && seen.port < 65536 && seen.host.size() <= 300,
                                     "what is taken is bounded");
    const auto same = maildoctor::store::compare(bytes, bytes);
    if (same) {
        maildoctor::testing::require(same->differences.empty(), "a report does not differ from itself");
        const auto other = maildoctor::store::compare(
            bytes, R"({"maildoctor":"0","schema":1,"started":"2026-11-21T21:00:00Z","verdict":"ok"})");
        maildoctor::testing::require(other.has_value(), "what is readable once is readable again");
    } else {
        maildoctor::testing::require(!same.error().why.empty(), "a refusal says why");
    }
    return 0;
}
