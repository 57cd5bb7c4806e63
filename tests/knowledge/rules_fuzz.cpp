// Any octets as a rule file: complaints or a pack, never a crash; a pack that comes out can be used.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "core/knowledge/compile.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > 65536) return 0;
    const auto loaded = maildoctor::knowledge::load_rules({reinterpret_cast<const char*>(data), size});
    if (!loaded.pack && loaded.complaints.empty()) std::abort();
    if (loaded.pack) {
        for (const auto& rule : loaded.pack->rules())
            static_cast<void>(loaded.pack->text(rule.id));
    }
    return 0;
}
