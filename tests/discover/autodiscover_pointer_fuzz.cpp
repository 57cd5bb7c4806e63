// Property: an answer is an address or an error, never both and never neither.
#include <cstdint>

#include "core/discover/pacc.h"
#include "tests/support/parser_properties.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto answer =
        maildoctor::discover::read_autodiscover_pointer({reinterpret_cast<const char*>(data), size});
    maildoctor::testing::require(answer.url.empty() != answer.error.empty(), "an address or an error");
    return 0;
}
