// Any text as one with a date: what is found lies in the years that can be written.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/protocol/date.h"
#include "tests/support/parser_properties.h"

using namespace maildoctor;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto found = protocol::date_in(text);
    constexpr std::int64_t day = 86400, last = 253402300800;  // the year 10000
    testing::require(!found || (*found > -5 * day && *found < last + 5 * day), "the date can be written");
    const auto again = protocol::date_in(text + " 1 Jan 2000 00:00:00 GMT");
    testing::require(again.has_value(), "a date that follows is found");
    return 0;
}
