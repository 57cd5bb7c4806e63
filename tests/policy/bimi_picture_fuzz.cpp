// Any octets as the picture of a BIMI record.
#include "core/policy/bimi_files.h"
#include "tests/policy/record_properties.h"

using namespace maildoctor;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    PolicyRecord file;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    policy::read_bimi_picture(bytes, bytes.substr(0, 40), file);
    testing::check_texts(file);
    return 0;
}
