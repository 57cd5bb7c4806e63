#include "core/knowledge/pack_files.h"

#include <Poco/Exception.h>
#include <Poco/Zip/ZipArchive.h>
#include <Poco/Zip/ZipStream.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>
#include <sstream>

namespace maildoctor::knowledge {
namespace {

namespace fs = std::filesystem;

void refuse(std::vector<Complaint>& complaints, std::string file, std::string text) {
    complaints.push_back({.file = std::move(file), .text = std::move(text)});
}

/// Files of other kinds may lie beside those of a pack: read-me files, schemas, scripts.
bool belongs(std::string_view name) {
    return name.ends_with(".toml") || name.ends_with(".tsv");
}

/// What is read counts against both bounds.
class Bounds {
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

const char* const too_much = "a pack has 64 MiB and 20,000 files at most";

PackFiles read_folder(const fs::path& folder, std::vector<Complaint>& complaints) {
    PackFiles files;
    Bounds bounds;
    std::error_code error;
    for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        std::error_code none;
        const std::string name = it->path().lexically_relative(folder).generic_string();
        if (!it->is_regular_file(none) || !belongs(name)) continue;
        std::ifstream in(it->path(), std::ios::binary);
        auto content = in ? rest_of(in, bounds.left()) : std::nullopt;
        if (!in.is_open()) {
            refuse(complaints, name, "cannot be read");
        } else if (!content || !bounds.take(content->size())) {
            return refuse(complaints, name, too_much), PackFiles{};
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

PackFiles read_pack_archive(std::string_view archive, std::vector<Complaint>& complaints) {
    PackFiles files;
    Bounds bounds;
    try {
        std::istringstream in{std::string(archive)};
        const Poco::Zip::ZipArchive directory(in);
        for (auto header = directory.headerBegin(); header != directory.headerEnd(); ++header) {
            const std::string& name = header->first;
            if (!header->second.isFile() || !belongs(name)) continue;
            in.clear();
            Poco::Zip::ZipInputStream file(in, header->second);
            auto content = rest_of(file, bounds.left());
            if (!content || !bounds.take(content->size()))
                return refuse(complaints, name, too_much), PackFiles{};
            if (!file.crcValid()) return refuse(complaints, name, "the archive is damaged here"), PackFiles{};
            files.emplace(name, std::move(*content));
        }
    } catch (const Poco::Exception& error) {
        return refuse(complaints, "the archive", "cannot be unpacked: " + error.displayText()), PackFiles{};
    } catch (const std::exception& error) {
        return refuse(complaints, "the archive", std::string("cannot be unpacked: ") + error.what()),
               PackFiles{};
    }
    if (files.empty()) refuse(complaints, "the archive", "holds no rules");
    return without_common_folder(std::move(files));
}

PackFiles read_pack_files(const fs::path& place, std::vector<Complaint>& complaints) {
    std::error_code error;
    if (fs::is_directory(place, error)) return read_folder(place, complaints);
    std::ifstream in(place, std::ios::binary);
    if (!in)
        return refuse(complaints, place.generic_string(), "there is no such file or folder"), PackFiles{};
    auto content = rest_of(in, most_pack_octets);
    if (!content) return refuse(complaints, place.generic_string(), too_much), PackFiles{};
    if (content->starts_with("PK")) return read_pack_archive(*content, complaints);
    if (place.extension() == ".toml")
        return {{"match/" + place.filename().generic_string(), std::move(*content)}};
    return refuse(complaints, place.generic_string(),
                  "is neither a folder of rules, nor a .zip of one, nor a .toml file of rules"),
           PackFiles{};
}

}  // namespace maildoctor::knowledge
