// Received fields of a message that anybody may have written.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/mime/received.h"
#include "core/model/text.h"
#include "tests/support/parser_properties.h"

using namespace maildoctor;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto path = mime::received_path(input);
    testing::require(path.size() <= mime::max_hops, "the number of servers is bounded");
    for (const Hop& hop : path) {
        testing::require(hop.from.size() <= 255 && hop.by.size() <= 255, "names are bounded");
        testing::require(cleaned(hop.from, 255) == hop.from && cleaned(hop.by, 255) == hop.by,
                         "names are clean");
    }
    return 0;
}
