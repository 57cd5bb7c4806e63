// Property: a file gives known keys with values, or one line that names it.
#include <cstdint>

#include "core/config/config.h"
#include "tests/support/parser_properties.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using maildoctor::testing::require;
    const auto read =
        maildoctor::config::read_config({reinterpret_cast<const char*>(data), size}, "config.toml");
    if (!read) {
        require(read.error().starts_with("config.toml:"), "a refusal names the place");
        require(read.error().find('\n') == std::string::npos, "a refusal is one line");
        return 0;
    }
    for (const auto& setting : *read) {
        require(setting.key != nullptr, "keys are known");
        for (const std::string& value : setting.values)
            require(!value.empty() && value.size() <= 1000, "values are bounded");
    }
    return 0;
}
