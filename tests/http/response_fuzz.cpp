// Any octets as an HTTP response: bounds hold, and how they are grouped makes no difference.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/http/response.h"
#include "tests/support/parser_properties.h"

using namespace maildoctor;

namespace {

struct Outcome {
    bool failed{false}, done{false};
    std::string body;
};

Outcome read(std::string_view input, std::size_t step) {
    http::ResponseReader reader;
    Outcome outcome;
    while (!input.empty() && !outcome.failed && !outcome.done) {
        const auto fed = reader.feed(input.substr(0, step));
        input.remove_prefix(std::min(step, input.size()));
        outcome.failed = !fed;
        outcome.done = fed && *fed;
    }
    if (!outcome.failed) outcome.body = reader.response().body;
    testing::require(reader.response().body.size() <= http::max_body, "the body is bounded");
    return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const Outcome whole = read(input, size + 1), parts = read(input, size < 4096 ? 1 : 997);
    testing::require(whole.failed == parts.failed && whole.done == parts.done,
                     "the outcome does not depend on grouping");
    testing::require(whole.body == parts.body, "the body does not depend on grouping");
    return 0;
}
