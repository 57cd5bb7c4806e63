// The compiler of the knowledge: what people write becomes one block of constant data (pack.h).
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/knowledge/pack.h"
#include "core/knowledge/source.h"

namespace maildoctor::knowledge {

/// Compiles the sources. Rules that carry a fault (see check_sources) are left out.
std::vector<std::uint64_t> compile(const Sources& sources);

/// The block as C++ source: the definition of built_in_block and built_in_block_size.
std::string as_cpp(const std::vector<std::uint64_t>& block);

/// A pack that was compiled at run time, with the block that it views.
struct LoadedPack {
    std::unique_ptr<std::vector<std::uint64_t>> block{};
    std::optional<Pack> pack{};  ///< nothing when a complaint is a fault
    std::vector<Complaint> complaints{};
};

/// Reads and compiles a folder laid out like rules/ (one with match/ alone will do), a zip archive of such a
/// folder, or a single .toml file of rules.
LoadedPack load_pack(const std::filesystem::path& place);

/// Why a pack was not taken: each fault as "file:line:column: text" and a line end.
std::string faults_of(const LoadedPack& loaded);

/// Reads rules from memory and compiles them alone (for tests and fuzzing).
LoadedPack load_rules(std::string_view toml);

}  // namespace maildoctor::knowledge
