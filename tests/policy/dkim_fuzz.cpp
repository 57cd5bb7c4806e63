// Any octets as DKIM key records.
#include "core/policy/dkim.h"
#include "tests/policy/record_properties.h"

using namespace maildoctor;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const DnsFacts answer = testing::answer_of(data, size);
    const DkimFacts facts = policy::read_dkim(answer, "s", true);
    testing::check_record(facts.record,
                          [](DnsFacts again) { return policy::read_dkim(again, "s", true).record; });
    testing::require(!facts.record.is_read() || facts.key_bits > 0, "a key record that counts has a key");
    testing::require(!facts.revoked || facts.key_bits == 0, "a withdrawn key is none");
    return 0;
}
