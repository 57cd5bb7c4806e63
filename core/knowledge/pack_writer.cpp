#include "core/knowledge/pack_writer.h"

#include <bit>

namespace maildoctor::knowledge {
namespace {

std::vector<HashSlot> hash_table(const std::unordered_map<std::uint64_t, std::uint32_t>& entries) {
    if (entries.empty()) return {};
    std::vector<HashSlot> slots(std::bit_ceil(entries.size() * 2));
    const std::size_t mask = slots.size() - 1;
    const std::map<std::uint64_t, std::uint32_t> sorted(
        entries.begin(), entries.end());  // the same block from the same sources
    for (const auto& [key, value] : sorted) {
        std::size_t at = static_cast<std::size_t>(key ^ (key >> 32)) & mask;
        while (slots[at].value != none)
            at = (at + 1) & mask;
        slots[at] = {.key = key, .value = value};
    }
    return slots;
}

}  // namespace

Str PackWriter::str(std::string_view text) {
    if (text.empty()) return {};
    const auto [found, fresh] = known_.try_emplace(std::string(text));
    if (fresh) {
        found->second = {static_cast<std::uint32_t>(characters_.size()),
                         static_cast<std::uint32_t>(text.size())};
        characters_ += text;
    }
    return found->second;
}

List PackWriter::list(const std::vector<std::uint32_t>& numbers) {
    if (numbers.empty()) return {};
    const List list{static_cast<std::uint32_t>(lists_.size()), static_cast<std::uint32_t>(numbers.size())};
    lists_.insert(lists_.end(), numbers.begin(), numbers.end());
    return list;
}

List PackWriter::strings(const std::vector<std::string>& all) {
    std::vector<std::uint32_t> numbers;
    for (const std::string& text : all) {
        const auto [found, fresh] =
            known_strings_.try_emplace(text, static_cast<std::uint32_t>(strings_.size()));
        if (fresh) strings_.push_back(str(text));
        numbers.push_back(found->second);
    }
    return list(numbers);
}

std::vector<std::uint64_t> PackWriter::block() {
    std::string bytes(sizeof(PackHeader), '\0');
    const auto put = [&](Section section, const auto& records) {
        using Record = typename std::decay_t<decltype(records)>::value_type;
        bytes.resize((bytes.size() + 7) / 8 * 8);
        header.places[static_cast<std::size_t>(section)] = {bytes.size(), records.size()};
        if (!records.empty())
            bytes.append(reinterpret_cast<const char*>(records.data()), records.size() * sizeof(Record));
    };
    put(Section::characters, characters_);
    put(Section::lists, lists_);
    put(Section::strings, strings_);
    put(Section::words, hash_table(words));
    put(Section::stems, hash_table(stems));
    put(Section::edges, hash_table(edges));
    put(Section::nodes, nodes);
    put(Section::atoms, atoms);
    put(Section::phrases, phrases);
    put(Section::rules, rules);
    put(Section::code_index, hash_table(code_index));
    put(Section::codes, codes);
    put(Section::code_entries, code_entries);
    put(Section::languages, languages);
    put(Section::texts, texts);
    put(Section::fixes, fixes);
    put(Section::programs, programs);
    put(Section::providers, providers);
    put(Section::servers, servers);
    put(Section::facts, facts);
    put(Section::paths, paths);
    put(Section::guides, guides);
    put(Section::glossary, glossary);
    put(Section::provider_index, hash_table(provider_index));
    put(Section::lexicon_index, hash_table(lexicon_index));
    put(Section::lexicon_causes, lexicon_causes);
    put(Section::lexicon_features, lexicon_features);
    put(Section::lexicon_weights, lexicon_weights);
    put(Section::tls_clients, tls_clients);
    put(Section::interceptors, interceptors);
    put(Section::connection_limits, connection_limits);
    bytes.resize((bytes.size() + 7) / 8 * 8);
    header.size = bytes.size();
    std::memcpy(bytes.data(), &header, sizeof header);
    std::vector<std::uint64_t> whole(bytes.size() / 8);
    std::memcpy(whole.data(), bytes.data(), bytes.size());
    return whole;
}

}  // namespace maildoctor::knowledge
