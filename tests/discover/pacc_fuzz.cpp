// Properties: any document gives servers with names, or says what is wrong; its own record fits it and
// nothing else does.
#include <cstdint>

#include "core/discover/pacc.h"
#include "tests/discover/document_properties.h"
#include "tests/support/parser_properties.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace maildoctor;
    using testing::require;
    testing::check_document(DocumentFormat::pacc, data, size);
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    require(
        discover::check_pacc_digest({discover::pacc_record(bytes)}, bytes) == discover::PaccDigest::matches,
        "a document fits its record");
    require(discover::check_pacc_digest({discover::pacc_record(bytes + "x")}, bytes) ==
                discover::PaccDigest::differs,
            "it does not fit another one");
    require(discover::check_pacc_digest({bytes}, "") != discover::PaccDigest::matches || size > 40,
            "no short text is the digest of nothing");
    return 0;
}
