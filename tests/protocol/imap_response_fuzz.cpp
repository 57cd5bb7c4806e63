// Responses of an IMAP server, with literals.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/protocol/imap_response.h"
#include "tests/support/parser_properties.h"

using namespace maildoctor;
using namespace maildoctor::protocol;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    testing::check_stream(&take_imap_response, input, [](const ImapResponse& response) {
        testing::require(response.text.size() <= imap_bounds::response + imap_bounds::line,
                         "a response is bounded");
        testing::require((response.kind == ImapResponse::Kind::tagged) != response.tag.empty(),
                         "a tag stands in tagged responses only");
        (void)read_imap_capabilities(response.capabilities);
    });
    return 0;
}
