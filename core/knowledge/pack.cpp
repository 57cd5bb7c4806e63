#include "core/knowledge/pack.h"

#include <algorithm>

#include "core/knowledge/words.h"

namespace maildoctor::knowledge {

std::optional<Pack> Pack::from(std::span<const std::uint64_t> block) noexcept {
    if (block.size_bytes() < sizeof(PackHeader)) return std::nullopt;
    const Pack pack(reinterpret_cast<const char*>(block.data()));
    const PackHeader& header = pack.header();
    if (header.magic != pack_magic || header.version != pack_version || header.size > block.size_bytes())
        return std::nullopt;
    return pack;
}

std::vector<std::string> Pack::strings(List entries) const {
    std::vector<std::string> texts;
    texts.reserve(entries.size);
    for (const std::uint32_t number : list(entries))
        texts.emplace_back(string(number));
    return texts;
}

bool Pack::contains(List entries, std::string_view value) const noexcept {
    return std::ranges::any_of(list(entries), [&](std::uint32_t number) { return string(number) == value; });
}

std::uint32_t Pack::find(Section table, std::uint64_t key) const noexcept {
    const auto slots = all<HashSlot>(table);
    if (slots.empty()) return none;
    const std::size_t mask = slots.size() - 1;
    for (std::size_t at = static_cast<std::size_t>(key ^ (key >> 32)) & mask;; at = (at + 1) & mask) {
        if (slots[at].value == none) return none;
        if (slots[at].key == key) return slots[at].value;
    }
}

const CodeRecord* Pack::code(std::string_view canonical) const noexcept {
    const std::uint32_t number = find(Section::code_index, hash_of(canonical));
    return number == none ? nullptr : &all<CodeRecord>(Section::codes)[number];
}

}  // namespace maildoctor::knowledge
