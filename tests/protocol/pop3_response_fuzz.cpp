// Status lines and multi-line answers of a POP3 server.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/protocol/pop3_response.h"
#include "tests/support/parser_properties.h"

using namespace maildoctor;
using namespace maildoctor::protocol;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    testing::check_stream(&take_pop3_status, input, [](const Pop3Status& status) {
        testing::require(status.text.size() <= pop3_bounds::challenge, "a line is bounded");
        testing::require(status.code.size() <= status.text.size(), "a code is part of the text");
        const std::string stamp = apop_stamp(status.text);
        testing::require(stamp.empty() || (stamp.front() == '<' && stamp.back() == '>'),
                         "a stamp has its brackets");
    });
    testing::check_stream(&take_pop3_body, input, [](const std::vector<std::string>& lines) {
        testing::require(lines.size() <= pop3_bounds::lines, "lines are counted");
        const Pop3Capabilities offer = read_capa(lines);
        testing::require(offer.lines.size() <= lines.size(), "one capability a line");
    });
    return 0;
}
