// Packs as zip archives, read from memory through minizip.
#include <minizip/unzip.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <optional>

#include "core/knowledge/pack_files.h"

namespace maildoctor::knowledge {
namespace {

/// A file that lies in memory, as minizip wants to see it.
struct Memory {
    std::string_view octets;
    std::size_t at{0};
};

Memory& memory(voidpf stream) {
    return *static_cast<Memory*>(stream);
}

voidpf open_memory(voidpf opaque, const void*, int) {
    return opaque;
}

uLong read_memory(voidpf, voidpf stream, void* into, uLong wanted) {
    Memory& from = memory(stream);
    const std::size_t count = std::min<std::size_t>(wanted, from.octets.size() - from.at);
    if (count > 0) std::memcpy(into, from.octets.data() + from.at, count);
    from.at += count;
    return static_cast<uLong>(count);
}

uLong write_nothing(voidpf, voidpf, const void*, uLong) {
    return 0;
}

ZPOS64_T tell_memory(voidpf, voidpf stream) {
    return memory(stream).at;
}

long seek_memory(voidpf, voidpf stream, ZPOS64_T offset, int origin) {
    Memory& in = memory(stream);
    const std::size_t from = origin == ZLIB_FILEFUNC_SEEK_SET   ? 0
                             : origin == ZLIB_FILEFUNC_SEEK_CUR ? in.at
                                                                : in.octets.size();
    if (offset > in.octets.size() - from) return -1;
    in.at = from + offset;
    return 0;
}

int no_error(voidpf, voidpf) {
    return 0;
}

struct Close {
    void operator()(void* archive) const noexcept { unzClose(archive); }
};
using Archive = std::unique_ptr<void, Close>;

Archive open_archive(Memory& octets) {
    zlib_filefunc64_def functions{.zopen64_file = open_memory,
                                  .zread_file = read_memory,
                                  .zwrite_file = write_nothing,
                                  .ztell64_file = tell_memory,
                                  .zseek64_file = seek_memory,
                                  .zclose_file = no_error,
                                  .zerror_file = no_error,
                                  .opaque = &octets};
    return Archive(unzOpen2_64("", &functions));
}

/// The name of the file at which the archive stands; nothing when it is damaged or longer than a pack's names
/// are.
std::optional<std::string> current_name(const Archive& archive) {
    std::array<char, 1024> name{};
    unz_file_info64 info{};
    if (unzGetCurrentFileInfo64(archive.get(), &info, name.data(), name.size() - 1, nullptr, 0, nullptr, 0) !=
            UNZ_OK ||
        info.size_filename >= name.size())
        return std::nullopt;
    return std::string(name.data());
}

enum class Read : std::uint8_t { whole, damaged, too_large };

Read read_current(const Archive& archive, std::size_t most, std::string& content) {
    if (unzOpenCurrentFile(archive.get()) != UNZ_OK) return Read::damaged;
    std::array<char, 16384> part{};
    int count = 0;
    Read read = Read::whole;
    while ((count = unzReadCurrentFile(archive.get(), part.data(), part.size())) > 0 && read == Read::whole) {
        content.append(part.data(), static_cast<std::size_t>(count));
        if (content.size() > most) read = Read::too_large;
    }
    const bool right =
        unzCloseCurrentFile(archive.get()) == UNZ_OK && count >= 0;  // closing compares the checksum
    return read == Read::whole && !right ? Read::damaged : read;
}

/// "rules/" when every name begins with it: what `zip -r pack.zip rules` puts in front.
std::string common_folder(const PackFiles& files) {
    if (files.empty()) return {};
    const std::string& first = files.begin()->first;
    const std::size_t slash = first.find('/');
    if (slash == std::string::npos) return {};
    std::string folder = first.substr(0, slash + 1);
    constexpr std::array own = {"match/",    "codes/",    "lexicon/",   "text/", "guides/",
                                "glossary/", "programs/", "providers/", "tls/"};
    if (std::ranges::find(own, folder) != own.end()) return {};
    const bool all =
        std::ranges::all_of(files, [&](const auto& file) { return file.first.starts_with(folder); });
    return all ? folder : std::string{};
}

PackFiles without_common_folder(PackFiles files) {
    const std::string folder = common_folder(files);
    if (folder.empty()) return files;
    PackFiles shorter;
    for (auto& [name, content] : files)
        shorter.emplace(name.substr(folder.size()), std::move(content));
    return shorter;
}

}  // namespace

PackFiles read_pack_archive(std::string_view octets, std::vector<Complaint>& complaints) {
    const auto refuse = [&](std::string file, std::string text) {
        complaints.push_back({.file = std::move(file), .text = std::move(text)});
        return PackFiles{};
    };
    Memory in{octets};
    const Archive archive = open_archive(in);
    if (!archive) return refuse("the archive", "is damaged, or not a zip archive");
    PackFiles files;
    PackBounds bounds;
    int next = unzGoToFirstFile(archive.get());
    for (; next == UNZ_OK; next = unzGoToNextFile(archive.get())) {
        const auto name = current_name(archive);
        if (!name) return refuse("the archive", "is damaged");
        if (!belongs_to_pack(*name)) continue;
        std::string content;
        const Read read = read_current(archive, bounds.left(), content);
        if (read == Read::damaged) return refuse(*name, "the archive is damaged here");
        if (read == Read::too_large || !bounds.take(content.size())) return refuse(*name, pack_too_large);
        files.insert_or_assign(*name, std::move(content));
    }
    if (next != UNZ_END_OF_LIST_OF_FILE) return refuse("the archive", "is damaged");
    if (files.empty()) return refuse("the archive", "holds no rules");
    return without_common_folder(std::move(files));
}

}  // namespace maildoctor::knowledge
