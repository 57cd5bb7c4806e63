// Any octets as TLS reporting records.
#include "core/policy/tls_rpt.h"
#include "tests/policy/record_properties.h"

using namespace maildoctor;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const DnsFacts answer = testing::answer_of(data, size);
    const TlsRptFacts facts = policy::read_tls_rpt(answer);
    testing::check_record(facts.record, [](DnsFacts again) { return policy::read_tls_rpt(again).record; });
    testing::require(facts.rua.size() <= size, "no address is invented");
    return 0;
}
