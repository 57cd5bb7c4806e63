#include "core/knowledge/pack_files.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "core/knowledge/compile.h"

using namespace maildoctor::knowledge;

namespace {

const std::filesystem::path corpus = MAILDOCTOR_SOURCE_DIR "/tests/corpus/pack_archive";

std::string content_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::vector<std::string> names(const PackFiles& files) {
    std::vector<std::string> all;
    for (const auto& [name, content] : files)
        all.push_back(name);
    return all;
}

struct Folder {
    std::filesystem::path path = std::filesystem::temp_directory_path() / "maildoctor-pack-files-test";
    Folder() { std::filesystem::create_directories(path / "match"); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path); }
    std::filesystem::path put(const std::string& name, const std::string& content) const {
        std::ofstream(path / name, std::ios::binary) << content;
        return path / name;
    }
};

}  // namespace

TEST_CASE("pack files: an archive is the folder that it was made of", "[knowledge]") {
    for (const char* name : {"folder.zip", "plain.zip", "stored.zip"}) {
        INFO(name);
        std::vector<Complaint> complaints;
        CHECK(names(read_pack_files(corpus / name, complaints)) ==
              std::vector<std::string>{"match/own.toml", "pack.toml"});
        CHECK(complaints.empty());
        const LoadedPack loaded = load_pack(corpus / name);
        REQUIRE(loaded.pack);
        CHECK(loaded.pack->rules().size() == 1);
        CHECK(loaded.pack->text(loaded.pack->header().pack_name) == "2.0");
    }
}

TEST_CASE("pack files: a damaged archive gives a fault and no file", "[knowledge]") {
    const std::string whole = content_of(corpus / "stored.zip");
    const std::size_t inside = whole.find("zebra");
    REQUIRE(inside != std::string::npos);
    std::string changed = whole;
    changed[inside] = 'Z';
    for (const std::string& archive :
         {changed, whole.substr(0, whole.size() / 2), std::string("PK"), std::string("PK\3\4nothing")}) {
        std::vector<Complaint> complaints;
        CHECK(read_pack_archive(archive, complaints).empty());
        CHECK(complaints.size() == 1);
    }
}

TEST_CASE("pack files: a single file of rules, and what is none", "[knowledge]") {
    const Folder folder;
    std::vector<Complaint> complaints;
    CHECK(names(read_pack_files(folder.put("own.toml", "topic = \"x\"\n"), complaints)) ==
          std::vector<std::string>{"match/own.toml"});
    CHECK(complaints.empty());
    CHECK(read_pack_files(folder.put("own.txt", "hello"), complaints).empty());
    CHECK(read_pack_files(folder.path / "missing", complaints).empty());
    REQUIRE(complaints.size() == 2);
    CHECK(complaints[0].text.find("neither a folder") != std::string::npos);
    CHECK(complaints[1].text == "there is no such file or folder");
    CHECK_FALSE(load_pack(folder.path / "missing").pack);
}

TEST_CASE("pack files: what is too much is refused", "[knowledge]") {
    const Folder folder;
    folder.put("match/large.toml", std::string(most_pack_octets + 1, ' '));
    std::vector<Complaint> complaints;
    CHECK(read_pack_files(folder.path, complaints).empty());
    REQUIRE(complaints.size() == 1);
    CHECK(complaints[0].file == "match/large.toml");
}
