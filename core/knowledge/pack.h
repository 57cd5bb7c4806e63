// The compiled knowledge: one block of constant data that is used as it lies in memory. Nothing is parsed,
// allocated or relocated when the program starts; a pack that is loaded at run time is the same block, made
// by the same compiler.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/model/cause.h"
#include "core/model/words.h"

namespace maildoctor::knowledge {

inline constexpr std::uint32_t none = 0xFFFFFFFFU;
inline constexpr std::uint32_t pack_magic = 0x4B44614DU;  ///< "MaDK"
inline constexpr std::uint32_t pack_version = 8;          ///< changes with every change of the records below

/// A piece of the pool of characters.
struct Str {
    std::uint32_t at{}, size{};
};
/// A run of entries of the list pool (numbers) or, where said, of another section.
struct List {
    std::uint32_t at{}, size{};
};

struct HashSlot {  ///< open addressing; value == none: empty
    std::uint64_t key{};
    std::uint32_t value{none};
    std::uint32_t pad{};
};
struct NodeRecord {  ///< of the automaton of atoms (runs of words without a gap)
    List atoms{};    ///< that end here
};
struct AtomRecord {
    List phrases{};  ///< phrases that begin with this atom
};
struct PhraseRecord {
    List atoms{};              ///< in this order, gap_words apart at most
    List rules{};              ///< rules that mention it in `any` or `all`
    std::uint32_t code{none};  ///< the code whose textual form it is
    std::uint32_t name{none};  ///< the program that is recognised by these words
};
struct RuleRecord {
    Str id{}, variant{}, pattern{}, source{}, checked{};
    List phrases{};                ///< any; phrase numbers
    List all{};                    ///< each; phrase numbers
    List none_of{};                ///< phrase numbers
    List codes{}, no_codes{};      ///< code numbers
    List programs{}, providers{};  ///< Str numbers
    List match{}, no_match{};      ///< Str numbers
    std::int32_t weight{};
    std::uint8_t cause{}, confidence{}, protocols{},
        reply{};  ///< protocols: bit set, 0 any, and the two bits below; reply: 0, 4 or 5
};
inline constexpr std::uint8_t rule_protocols = 0x07, rule_sending = 0x10,
                              rule_retrieval = 0x20;  ///< of RuleRecord::protocols
struct CodeRecord {
    Str name{};
    List entries{};  ///< of the section of code entries
    List rules{};
};
struct CodeEntry {
    Str symbol{}, origin{}, meaning{}, source{};
    std::uint32_t cause{none};
    std::int32_t weight{};
};
struct FixRecord {
    Str client{}, provider{};
    List steps{};  ///< Str numbers
    std::uint32_t audience{};
};
struct TextRecord {
    Str id{};  ///< of the variant; empty for the cause's own text
    Str title{}, meaning{};
    List why{}, references{};  ///< Str numbers
    List fixes{};              ///< of the section of fixes
    List variants{};           ///< of the section of texts
    std::uint32_t actor{none};
};
struct LanguageRecord {
    Str language{};
    List texts{};  ///< text number by cause, or none
};
struct PathRecord {
    Str what{}, text{};
};
struct ProgramRecord {
    Str id{}, name{}, vendor{}, platform{}, max_tls{}, oauth{}, ends{};
    List aliases{}, recognise{};  ///< Str numbers
    List notes{}, paths{};        ///< of the section of paths; notes by language
    std::uint32_t imap{1}, pop3{1};
};
struct ServerRecord {
    Str protocol{}, host{}, security{}, username{};
    List auth{};  ///< Str numbers
    std::uint32_t port{};
};
struct FactRecord {
    Str kind{}, source{}, checked{};
    List text{};  ///< of the section of paths, by language
    std::uint32_t cause{none};
};
struct ProviderRecord {
    Str id{}, name{};
    List domains{}, hosts{}, mx{};  ///< Str numbers
    List servers{}, facts{};        ///< of their sections
};
struct GuideRecord {
    Str language{}, program{}, name{};
    List sources{}, notes{};  ///< Str numbers
    List steps{};             ///< of the section of paths: what = when
};
struct GlossaryRecord {
    Str language{}, id{}, title{}, text{};
    List terms{}, see{};  ///< Str numbers
};
struct TlsClientRecord {
    Str id{}, name{}, program{};
    List ciphers{}, groups{}, signatures{};  ///< Str numbers
    std::uint32_t oldest{}, newest{};        ///< 0: TLS 1.0 … 3: TLS 1.3
    std::uint32_t least_dh{}, most_dh{};     ///< bits; 0: any
    std::uint32_t sni{}, tickets{}, extended_master_secret{}, pad{};
};
struct InterceptorRecord {
    Str id{}, name{}, kind{};
    Str checked{};   ///< the day when the source was read, or "never"
    List issuers{};  ///< Str numbers
};
struct ConnectionLimitRecord {
    Str id{}, server{};
    Str pattern{};         ///< RE2, any case; the first group, if any, is the number of connections
    List examples{};       ///< Str numbers
    std::uint32_t says{};  ///< the number that the examples state; 0: none
};

struct LexiconCause {       ///< figures: natural logarithms times 16
    std::uint32_t cause{};  ///< cause_count: text that is about no mail problem
    std::int32_t prior{}, absent{};
};
struct LexiconFeature {
    List weights{};  ///< of their section
};
struct LexiconWeight {
    std::uint8_t cause{};  ///< entry of the section of lexicon causes
    std::int8_t weight{};
};

enum class Section : std::uint8_t {
    characters,
    lists,
    strings,
    words,
    stems,
    edges,
    nodes,
    atoms,
    phrases,
    rules,
    code_index,
    codes,
    code_entries,
    languages,
    texts,
    fixes,
    programs,
    providers,
    servers,
    facts,
    paths,
    guides,
    glossary,
    provider_index,
    lexicon_index,
    lexicon_causes,
    lexicon_features,
    lexicon_weights,
    tls_clients,
    interceptors,
    connection_limits,
    count_,
};

struct PackHeader {
    std::uint32_t magic{pack_magic}, version{pack_version};
    std::uint64_t size{};
    std::uint64_t stem_lengths{};   ///< bit n: some stem has n octets
    std::uint64_t stem_first[4]{};  ///< bit set of first octets of stems
    Str pack_name{}, pack_date{};   ///< version and date of the rules, from pack.toml
    struct Place {
        std::uint64_t at, count;  ///< octets from the front; entries
    } places[static_cast<std::size_t>(Section::count_)]{};
};

/// A view of a compiled pack. Cheap to copy; the block must outlive it.
class Pack {
public:
    /// @param block a whole compiled pack, aligned to 8 octets
    /// @return nothing when it is not one of this version
    static std::optional<Pack> from(std::span<const std::uint64_t> block) noexcept;

    template <class Record>
    std::span<const Record> all(Section section) const noexcept {
        const auto& place = header().places[static_cast<std::size_t>(section)];
        return {reinterpret_cast<const Record*>(base_ + place.at), static_cast<std::size_t>(place.count)};
    }
    std::string_view text(Str str) const noexcept {
        return {base_ + header().places[0].at + str.at, str.size};
    }
    std::span<const std::uint32_t> list(List list) const noexcept {
        return all<std::uint32_t>(Section::lists).subspan(list.at, list.size);
    }
    /// The text behind an entry of a list of Str numbers.
    std::string_view string(std::uint32_t number) const noexcept {
        return text(all<Str>(Section::strings)[number]);
    }
    std::vector<std::string> strings(List list) const;
    bool contains(List list_of_strings, std::string_view value) const noexcept;

    std::span<const RuleRecord> rules() const noexcept { return all<RuleRecord>(Section::rules); }
    std::span<const ProgramRecord> programs() const noexcept { return all<ProgramRecord>(Section::programs); }
    std::span<const ProviderRecord> providers() const noexcept {
        return all<ProviderRecord>(Section::providers);
    }
    std::span<const GuideRecord> guides() const noexcept { return all<GuideRecord>(Section::guides); }
    std::span<const GlossaryRecord> glossary() const noexcept {
        return all<GlossaryRecord>(Section::glossary);
    }

    /// The value that a hash table section keeps under a key, or `none`.
    std::uint32_t find(Section table, std::uint64_t key) const noexcept;
    /// The code with this canonical spelling ("0x800CCC0D", "5.7.1", "10061"), or nothing.
    const CodeRecord* code(std::string_view canonical) const noexcept;
    std::span<const CodeEntry> entries(const CodeRecord& code) const noexcept {
        return all<CodeEntry>(Section::code_entries).subspan(code.entries.at, code.entries.size);
    }
    const PackHeader& header() const noexcept { return *reinterpret_cast<const PackHeader*>(base_); }

    /// This pack, whose rules and codes are joined by those of `more`; both blocks must outlive the answer.
    Pack with(const Pack& more) const noexcept { return Pack(base_, more.base_); }
    /// What with() has added.
    std::optional<Pack> addition() const noexcept {
        return more_ ? std::optional(Pack(more_, nullptr)) : std::nullopt;
    }

private:
    explicit Pack(const char* base, const char* more = nullptr) noexcept : base_(base), more_(more) {}
    const char* base_;
    const char* more_;  ///< another pack's block, or nullptr
};

/// The pack that is compiled into the program.
const Pack& built_in() noexcept;

}  // namespace maildoctor::knowledge
