// Any octets as DMARC records.
#include "core/policy/dmarc.h"
#include "tests/policy/record_properties.h"

using namespace maildoctor;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const DnsFacts answer = testing::answer_of(data, size);
    const DmarcFacts facts = policy::read_dmarc(answer);
    testing::check_record(facts.record, [](DnsFacts again) { return policy::read_dmarc(again).record; });
    testing::require(facts.percent >= 0 && facts.percent <= 100, "pct is a part of a hundred");
    const std::string applies = policy::effective_policy(facts, true);
    testing::require(applies.empty() != facts.record.is_read(), "a record that is read has a policy");
    return 0;
}
