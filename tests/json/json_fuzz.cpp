// Property: whatever comes, the answer is a value within the bounds or a few words.
#include <cstdint>

#include "core/json/json.h"
#include "tests/support/parser_properties.h"

namespace {

using maildoctor::json::Value;

std::size_t count(const Value& value, std::size_t depth) {
    maildoctor::testing::require(depth <= 9, "no deeper than allowed");
    std::size_t values = 1;
    for (const Value& element : value.array())
        values += count(element, depth + 1);
    for (const auto& [name, member] : value.object())
        values += count(member, depth + 1);
    return values;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto value = maildoctor::json::read(bytes, {.octets = 4096, .depth = 8, .values = 100});
    if (value)
        maildoctor::testing::require(count(*value, 0) <= 100, "no more values than allowed");
    else
        maildoctor::testing::require(!value.error().empty(), "a refusal says why");
    return 0;
}
