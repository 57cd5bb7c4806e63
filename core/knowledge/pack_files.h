// Where a pack's files come from: a folder, an archive, a single file, all read into memory and bounded.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/knowledge/source.h"

namespace maildoctor::knowledge {

inline constexpr std::size_t most_pack_octets = std::size_t{64} << 20U;  ///< of all files together, unpacked
inline constexpr std::size_t most_pack_files = 20'000;

inline constexpr const char* pack_too_large = "a pack has 64 MiB and 20,000 files at most";

/// Files of other kinds may lie beside those of a pack: read-me files, schemas, scripts.
inline bool belongs_to_pack(std::string_view name) noexcept {
    return name.ends_with(".toml") || name.ends_with(".tsv");
}

/// What is read counts against both bounds.
class PackBounds {
public:
    std::size_t left() const noexcept { return left_; }
    bool take(std::size_t octets) noexcept {
        if (octets > left_ || files_ == most_pack_files) return false;
        left_ -= octets;
        ++files_;
        return true;
    }

private:
    std::size_t left_ = most_pack_octets, files_ = 0;
};

/// Reads a pack: a folder laid out like rules/, a zip archive of such a folder, or one .toml file of rules.
/// Only names that a pack can have are read. What cannot be read, or is more than the bounds above, is a
/// fault among the complaints.
PackFiles read_pack_files(const std::filesystem::path& place, std::vector<Complaint>& complaints);

/// The files in a zip archive, such as `zip -r pack.zip rules` makes; a folder around all of them is left out
/// of the names. Checksums are verified. Never throws for what the archive contains.
PackFiles read_pack_archive(std::string_view archive, std::vector<Complaint>& complaints);

}  // namespace maildoctor::knowledge
