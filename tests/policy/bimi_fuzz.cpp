// Any octets as BIMI records.
#include "core/policy/bimi.h"
#include "tests/policy/record_properties.h"

using namespace maildoctor;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const DnsFacts answer = testing::answer_of(data, size);
    const BimiFacts facts = policy::read_bimi(answer, "default");
    testing::check_record(facts.record,
                          [](DnsFacts again) { return policy::read_bimi(again, "default").record; });
    testing::require(facts.location.empty() || facts.location.find("://") != std::string::npos,
                     "a location is an address");
    return 0;
}
