// Any octets as a document of this format.
#include "tests/discover/document_properties.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    maildoctor::testing::check_document(maildoctor::DocumentFormat::autoconfig, data, size);
    return 0;
}
