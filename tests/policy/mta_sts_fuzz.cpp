// Any octets as MTA-STS records and policy files.
#include "core/policy/mta_sts.h"
#include "tests/policy/record_properties.h"

using namespace maildoctor;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const DnsFacts answer = testing::answer_of(data, size);
    const MtaStsFacts facts = policy::read_mta_sts(answer);
    testing::check_record(facts.record, [](DnsFacts again) { return policy::read_mta_sts(again).record; });
    testing::require(!facts.record.is_read() || !facts.id.empty(), "a record that counts has an id");
    MtaStsFacts file;
    policy::read_mta_sts_file(std::string(reinterpret_cast<const char*>(data), size), file);
    testing::check_texts(file.file);
    if (!file.file.is_read()) return 0;
    testing::require(!file.mode.empty() && (file.mode == "none" || !file.mx.empty()),
                     "a policy that counts is whole");
    policy::compare_exchangers({"mx.example.test"}, file);
    if (file.file.better.empty()) return 0;
    MtaStsFacts again;
    policy::read_mta_sts_file(file.file.better, again);
    testing::require(again.file.is_read(), "the file as it should read is read");
    policy::compare_exchangers({"mx.example.test"}, again);
    testing::require(again.missing.empty(), "it covers the exchangers");
    return 0;
}
