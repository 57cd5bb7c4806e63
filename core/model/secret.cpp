#include "core/model/secret.h"

namespace maildoctor {

void wipe(char* bytes, std::size_t size) noexcept {
    volatile char* const p = bytes;
    for (std::size_t i = 0; i < size; ++i)
        p[i] = 0;
}

Secret::Secret(std::string&& bytes) : bytes_(bytes.begin(), bytes.end()) {
    wipe(bytes);
    bytes.clear();
}

Secret::~Secret() {
    wipe(bytes_.data(), bytes_.size());
}

}  // namespace maildoctor
