// Any octets as a server's answer: bounds hold, and how they are grouped makes no difference.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/tls/server_answer.h"
#include "tests/support/parser_properties.h"

using namespace maildoctor;

namespace {

struct Outcome {
    bool failed{false}, done{false};
    tls::ServerAnswer answer{};
};

Outcome read(std::string_view input, std::size_t step, tls::ReadUntil until) {
    tls::ServerAnswerReader reader(until);
    Outcome outcome;
    while (!input.empty() && !outcome.failed && !outcome.done) {
        const auto fed = reader.feed(input.substr(0, step));
        input.remove_prefix(std::min(step, input.size()));
        outcome.failed = !fed;
        outcome.done = fed && *fed;
    }
    outcome.answer = reader.answer();
    return outcome;
}

void check(std::string_view input, tls::ReadUntil until) {
    const Outcome whole = read(input, input.size() + 1, until), parts = read(input, 1, until);
    testing::require(whole.failed == parts.failed && whole.done == parts.done,
                     "the outcome does not depend on grouping");
    testing::require(
        whole.answer.version == parts.answer.version && whole.answer.cipher == parts.answer.cipher &&
            whole.answer.group == parts.answer.group && whole.answer.extensions == parts.answer.extensions,
        "the answer does not depend on grouping");
    testing::require(whole.answer.extensions.size() <= 65536 / 4, "extensions are bounded");
    testing::require(whole.answer.dh_bits >= 0 && whole.answer.dh_bits <= 65535 * 8, "the group is bounded");
    const bool said = whole.answer.version || (whole.answer.alert && whole.answer.alert->level == 2);
    testing::require(!whole.done || said, "what is done says something");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    check(input, tls::ReadUntil::hello);
    check(input, tls::ReadUntil::key_exchange);
    return 0;
}
