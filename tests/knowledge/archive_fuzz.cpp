// Any octets as an archive of rules: complaints or files within the bounds, never a crash, and never both.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "core/knowledge/pack_files.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace maildoctor::knowledge;
    if (size > 65536) return 0;
    std::vector<Complaint> complaints;
    const PackFiles files = read_pack_archive({reinterpret_cast<const char*>(data), size}, complaints);
    if (!files.empty() && !complaints.empty()) std::abort();
    std::size_t octets = 0;
    for (const auto& [name, content] : files)
        octets += content.size();
    if (octets > most_pack_octets || files.size() > most_pack_files) std::abort();
    return 0;
}
