#include "core/knowledge/pack_files.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>

namespace maildoctor::knowledge {
namespace {

namespace fs = std::filesystem;

void refuse(std::vector<Complaint>& complaints, std::string file, std::string text) {
    complaints.push_back({.file = std::move(file), .text = std::move(text)});
}

/// A stream's rest, or nothing when it is more than `most` octets or breaks off.
std::optional<std::string> rest_of(std::istream& in, std::size_t most) {
    std::string content;
    std::array<char, 16384> part{};
    while (in) {
        in.read(part.data(), part.size());
        content.append(part.data(), static_cast<std::size_t>(in.gcount()));
        if (content.size() > most) return std::nullopt;
    }
    if (in.bad()) return std::nullopt;
    return content;
}

PackFiles read_folder(const fs::path& folder, std::vector<Complaint>& complaints) {
    PackFiles files;
    PackBounds bounds;
    std::error_code error;
    for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        std::error_code none;
        const std::string name = it->path().lexically_relative(folder).generic_string();
        if (!it->is_regular_file(none) || !belongs_to_pack(name)) continue;
        std::ifstream in(it->path(), std::ios::binary);
        auto content = in ? rest_of(in, bounds.left()) : std::nullopt;
        if (!in.is_open()) {
            refuse(complaints, name, "cannot be read");
        } else if (!content || !bounds.take(content->size())) {
            return refuse(complaints, name, pack_too_large), PackFiles{};
        } else {
            files.emplace(name, std::move(*content));
        }
    }
    if (error)
        refuse(complaints, folder.generic_string(), "cannot be read: " + error.message());
    else if (files.empty() && complaints.empty())
        refuse(complaints, folder.generic_string(), "holds no rules");
    return files;
}

}  // namespace

PackFiles read_pack_files(const fs::path& place, std::vector<Complaint>& complaints) {
    std::error_code error;
    if (fs::is_directory(place, error)) return read_folder(place, complaints);
    std::ifstream in(place, std::ios::binary);
    if (!in)
        return refuse(complaints, place.generic_string(), "there is no such file or folder"), PackFiles{};
    auto content = rest_of(in, most_pack_octets);
    if (!content) return refuse(complaints, place.generic_string(), pack_too_large), PackFiles{};
    if (content->starts_with("PK")) return read_pack_archive(*content, complaints);
    if (place.extension() == ".toml")
        return {{"match/" + place.filename().generic_string(), std::move(*content)}};
    return refuse(complaints, place.generic_string(),
                  "is neither a folder of rules, nor a .zip of one, nor a .toml file of rules"),
           PackFiles{};
}

}  // namespace maildoctor::knowledge
