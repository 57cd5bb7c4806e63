// Collects the records of a pack and lays them out as one block.
#pragma once

#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/knowledge/pack.h"

namespace maildoctor::knowledge {

class PackWriter {
public:
    Str str(std::string_view text);
    List list(const std::vector<std::uint32_t>& numbers);
    List strings(const std::vector<std::string>& texts);

    std::vector<CodeRecord> codes{};
    std::vector<CodeEntry> code_entries{};
    std::vector<AtomRecord> atoms{};
    std::vector<NodeRecord> nodes{};
    std::vector<PhraseRecord> phrases{};
    std::vector<RuleRecord> rules{};
    std::vector<LanguageRecord> languages{};
    std::vector<TextRecord> texts{};
    std::vector<FixRecord> fixes{};
    std::vector<ProgramRecord> programs{};
    std::vector<ProviderRecord> providers{};
    std::vector<ServerRecord> servers{};
    std::vector<FactRecord> facts{};
    std::vector<PathRecord> paths{};
    std::vector<GuideRecord> guides{};
    std::vector<GlossaryRecord> glossary{};
    std::vector<TlsClientRecord> tls_clients{};
    std::vector<InterceptorRecord> interceptors{};
    std::vector<ConnectionLimitRecord> connection_limits{};
    std::vector<LexiconCause> lexicon_causes{};
    std::vector<LexiconFeature> lexicon_features{};
    std::vector<LexiconWeight> lexicon_weights{};
    std::unordered_map<std::uint64_t, std::uint32_t> words{}, stems{}, edges{}, code_index{},
        provider_index{}, lexicon_index{};
    PackHeader header{};

    std::vector<std::uint64_t> block();

private:
    std::string characters_{};
    std::vector<std::uint32_t> lists_{};
    std::vector<Str> strings_{};
    std::unordered_map<std::string, Str> known_{};
    std::map<std::string, std::uint32_t, std::less<>> known_strings_{};
};

}  // namespace maildoctor::knowledge
