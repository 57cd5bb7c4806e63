// First octets of any server, and base64 of any kind.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/protocol/sasl_encoding.h"
#include "core/protocol/service.h"
#include "tests/support/parser_properties.h"

using namespace maildoctor;
using namespace maildoctor::protocol;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    testing::require(is_tls_record(input) == (recognise_service(input) == Service::tls),
                     "TLS is told by its record header");
    testing::require(!is_tls_alert(input) || is_tls_record(input), "an alert is a record");
    testing::require(from_base64(base64(input), size) == input, "base64 comes back");
    if (const auto octets = from_base64(input, size))
        testing::require(base64(*octets) == input, "base64 has one spelling");
    return 0;
}
