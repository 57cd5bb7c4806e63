#include "core/knowledge/pack.h"

namespace maildoctor::knowledge {

extern const std::uint64_t built_in_block[];
extern const std::size_t built_in_block_size;

const Pack& built_in() noexcept {
    static const Pack pack = *Pack::from({built_in_block, built_in_block_size});
    return pack;
}

}  // namespace maildoctor::knowledge
