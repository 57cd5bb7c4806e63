// Any octets, made safe to show.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/model/text.h"
#include "tests/support/parser_properties.h"

using namespace maildoctor;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    for (const std::size_t limit :
         {std::size_t{0}, std::size_t{2}, std::size_t{3}, std::size_t{16}, std::size_t{65536}}) {
        const std::string text = cleaned(input, limit);
        testing::require(text.size() <= limit, "the limit is kept");
        testing::require(cleaned(text, limit) == text, "cleaning twice changes nothing");
        for (const char c : text) {
            const auto octet = static_cast<unsigned char>(c);
            testing::require(octet >= 0x20 && octet != 0x7F, "no control character is left");
        }
        testing::require(!text.contains("\xE2\x80\xAE") && !text.contains("\xC2\x9B"),
                         "no override and no C1 control is left");
    }
    return 0;
}
