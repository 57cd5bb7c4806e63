// Any octets as the certificate file of a BIMI record.
#include "core/policy/bimi_files.h"
#include "tests/policy/record_properties.h"

using namespace maildoctor;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    BimiFacts facts;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    policy::read_bimi_certificate(bytes, {"example.test"}, 1'790'000'000, facts);
    testing::check_texts(facts.certificate);
    for (const std::string& name : facts.certificate_names)
        testing::require(testing::is_showable(name), "names are safe to show");
    return 0;
}
