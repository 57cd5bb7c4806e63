// Files, folders and secrets.
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "core/platform/file.h"
#include "core/platform/folders.h"
#include "core/platform/secrets.h"

using namespace maildoctor;
using namespace maildoctor::platform;

namespace {

/// An empty folder that goes away at the end of the test.
class Folder {
public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "maildoctor-test-XXXXXX").string();
        REQUIRE(mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path_); }
    std::filesystem::path operator/(const char* name) const { return path_ / name; }
    std::size_t files() const {
        return static_cast<std::size_t>(
            std::distance(std::filesystem::directory_iterator(path_), std::filesystem::directory_iterator{}));
    }

private:
    std::filesystem::path path_;
};

}  // namespace

TEST_CASE("private file: only its owner can read it, and it is replaced as a whole", "[platform]") {
    const Folder folder;
    const auto path = folder / "history";
    REQUIRE(write_private_file(path, "first"));
    REQUIRE(write_private_file(path, "second, longer"));
    CHECK(read_file(path, 1000) == "second, longer");
    struct stat info{};
    REQUIRE(stat(path.c_str(), &info) == 0);
    CHECK((info.st_mode & 0777) == 0600);
    CHECK(folder.files() == 1);
    const auto missing = write_private_file(folder / "no/such/folder", "x");
    REQUIRE_FALSE(missing);
    CHECK(missing.error().find("cannot be written") != std::string::npos);
    CHECK(folder.files() == 1);
}

TEST_CASE("read file: bounds and reasons", "[platform]") {
    const Folder folder;
    const auto path = folder / "f";
    REQUIRE(write_private_file(path, std::string(100000, 'x')));
    CHECK(read_file(path, 100000)->size() == 100000);
    CHECK(read_file(path, 99999).error().find("larger than 99999 bytes") != std::string::npos);
    CHECK(read_file(folder / "absent", 10).error().find("does not exist") != std::string::npos);
    CHECK(read_file(folder / "", 10).error().find("folder") != std::string::npos);
}

TEST_CASE("secret file: the first line without its end", "[platform]") {
    const Folder folder;
    const auto path = folder / "password";
    const auto [content, secret] = GENERATE(table<const char*, const char*>({
        {"s3cret\n", "s3cret"},
        {"s3cret", "s3cret"},
        {"s3cret\r\nsecond", "s3cret"},
        {" with blanks \n", " with blanks "},
    }));
    REQUIRE(write_private_file(path, content));
    CHECK(read_secret_file(path)->reveal() == secret);
}

TEST_CASE("secret file: what cannot be used gets one clear line", "[platform]") {
    const Folder folder;
    REQUIRE(write_private_file(folder / "empty", "\n"));
    CHECK(read_secret_file(folder / "empty").error().ends_with("empty: the password is empty"));
    REQUIRE(write_private_file(folder / "long", std::string(70000, 'x')));
    CHECK(read_secret_file(folder / "long").error().ends_with("longer than 65536 bytes"));
    CHECK(read_secret_file(folder / "absent").error().ends_with("absent: cannot be read"));
}

TEST_CASE("secret descriptor: takes one line and leaves the rest", "[platform]") {
    int ends[2] = {-1, -1};
    REQUIRE(pipe(ends) == 0);
    const std::string long_one(1000, 'y');
    const std::string text = "first\n" + long_one + "\n";
    REQUIRE(write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    close(ends[1]);
    CHECK(read_secret_fd(ends[0])->reveal() == "first");
    CHECK(read_secret_fd(ends[0])->reveal() == long_one);
    CHECK_FALSE(read_secret_fd(ends[0]));
    close(ends[0]);
    CHECK(read_secret_fd(-1).error() == "the password cannot be read");
}

TEST_CASE("secret in the environment: is taken away", "[platform]") {
    REQUIRE(setenv("MAILDOCTOR_TEST_PASSWORD", "hunter2", 1) == 0);
    const char* before = getenv("MAILDOCTOR_TEST_PASSWORD");
    const auto secret = take_secret_environment("MAILDOCTOR_TEST_PASSWORD");
    REQUIRE(secret);
    CHECK(secret->reveal() == "hunter2");
    CHECK(getenv("MAILDOCTOR_TEST_PASSWORD") == nullptr);
    CHECK(before[0] == '\0');
    CHECK_FALSE(take_secret_environment("MAILDOCTOR_TEST_PASSWORD"));
}

TEST_CASE("user folders: after XDG, relative paths ignored", "[platform]") {
    const char* home = getenv("HOME");
    const std::string home_before = home != nullptr ? home : "";
    setenv("HOME", "/home/someone", 1);
    setenv("XDG_CONFIG_HOME", "/elsewhere", 1);
    setenv("XDG_DATA_HOME", "relative", 1);
    unsetenv("XDG_CACHE_HOME");
    const UserFolders folders = user_folders();
    CHECK(folders.config == "/elsewhere/maildoctor");
    CHECK(folders.data == "/home/someone/.local/share/maildoctor");
    CHECK(folders.cache == "/home/someone/.cache/maildoctor");
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("XDG_DATA_HOME");
    setenv("HOME", home_before.c_str(), 1);
}
