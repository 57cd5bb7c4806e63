#include "core/store/history.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <random>

#include "core/store/sqlite.h"

using namespace maildoctor;
using namespace std::chrono_literals;
using store::History;

namespace {

/// A folder that goes away at the end of the test.
class Folder {
public:
    Folder()
        : path_(std::filesystem::temp_directory_path() /
                ("maildoctor-store-" + std::to_string(std::random_device{}()))) {
        std::filesystem::create_directory(path_);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path_); }
    std::filesystem::path operator/(const char* name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

RunRecord run(const std::string& subject, const std::string& domain, const std::string& verdict) {
    return {.started = 1795294800,
            .command = "check",
            .subject = subject,
            .domain = domain,
            .verdict = verdict,
            .primary = verdict == "ok" ? "" : "net.refused",
            .version = "0.1.0",
            .document = "{\"of\":\"" + subject + "\"}"};
}

unsigned mode(const std::filesystem::path& file) {
    return static_cast<unsigned>(std::filesystem::status(file).permissions());
}

}  // namespace

TEST_CASE("history: what is kept is found again, the latest first", "[store]") {
    const Folder folder;
    {
        auto history = History::open_for_writing(folder / "runs.sqlite");
        REQUIRE(history);
        CHECK(history->add(run("a@example.test", "example.test", "ok")) == 1);
        CHECK(history->add(run("b@example.test", "example.test", "problem")) == 2);
        CHECK(history->add(run("c@other.test", "other.test", "ok")) == 3);
    }
    CHECK(mode(folder / "runs.sqlite") == 0600);
    const auto history = History::open_for_reading(folder / "runs.sqlite");
    REQUIRE(history);
    const auto all = history->list("", 10);
    REQUIRE(all);
    REQUIRE(all->size() == 3);
    CHECK(all->front().id == 3);
    CHECK(all->front().document.empty());
    CHECK(history->list("", 2)->size() == 2);
    CHECK(history->list("example.test", 10)->size() == 2);
    CHECK(history->list("b@example.test", 10)->front().primary == "net.refused");
    CHECK(history->list("' OR 1=1 --", 10)->empty());
    const auto second = history->find(2);
    REQUIRE((second && *second));
    CHECK((*second)->document == R"({"of":"b@example.test"})");
    CHECK((*second)->started == 1795294800);
    CHECK_FALSE(*history->find(99));
    CHECK(**history->latest("example.test", "", std::nullopt) == 2);
    CHECK(**history->latest("example.test", "ok", 2) == 1);
    CHECK_FALSE(*history->latest("example.test", "ok", 1));
}

TEST_CASE("history: others lose their rights to the file", "[store]") {
    const Folder folder;
    const auto file = folder / "runs.sqlite";
    std::ofstream(file).close();
    std::filesystem::permissions(file, std::filesystem::perms(0666));
    REQUIRE(History::open_for_writing(file));
    CHECK(mode(file) == 0600);
}

TEST_CASE("history: a file of another kind is left as it is", "[store]") {
    const Folder folder;
    const auto file = folder / "letter.txt";
    const std::string letter(5000, 'x');
    std::ofstream(file) << letter;
    std::filesystem::permissions(file, std::filesystem::perms(0644));
    const auto refused = History::open_for_writing(file);
    REQUIRE_FALSE(refused);
    CHECK(refused.error() == file.native() + ": it is not a history of maildoctor");
    CHECK(History::open_for_reading(file).error() == file.native() + ": it is not a history of maildoctor");
    CHECK(mode(file) == 0644);
    std::ifstream in(file);
    CHECK(std::string(std::istreambuf_iterator<char>(in), {}) == letter);
}

TEST_CASE("history: what cannot be opened is one line", "[store]") {
    const Folder folder;
    CHECK(History::open_for_writing(folder / "no/such/folder")
              .error()
              .find("cannot be written: No such file or directory") != std::string::npos);
    CHECK(History::open_for_reading(folder / "none").error().find("there is no such history") !=
          std::string::npos);
    CHECK(History::open_for_writing(folder / "").error().find("cannot be written") != std::string::npos);
    REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
    CHECK(History::open_for_writing(folder / "pipe").error().find("it is not an ordinary file") !=
          std::string::npos);
    std::ofstream(folder / "empty").close();
    CHECK(History::open_for_reading(folder / "empty").error().find("it is empty") != std::string::npos);
}

TEST_CASE("history: a database of another program is left as it is", "[store]") {
    const Folder folder;
    const auto file = folder / "other.sqlite";
    std::ofstream(file).close();
    auto database = store::Database::open(file.native(), 0ms);
    REQUIRE(database);
    REQUIRE(database->run("CREATE TABLE address (name TEXT)"));
    CHECK(History::open_for_writing(file).error() == file.native() + ": it is not a history of maildoctor");
    REQUIRE(database->run("PRAGMA application_id = 1296322371; PRAGMA user_version = 7"));
    CHECK(History::open_for_writing(file).error() ==
          file.native() + ": it was written by a newer maildoctor (format 7)");
}

TEST_CASE("history: a file that another program holds is said to be in use", "[store]") {
    const Folder folder;
    const auto file = folder / "runs.sqlite";
    auto history = History::open_for_writing(file, 1ms);
    REQUIRE(history);
    auto other = store::Database::open(file.native(), 0ms);
    REQUIRE(other);
    REQUIRE(other->run("BEGIN EXCLUSIVE"));
    CHECK(history->add(run("a@example.test", "example.test", "ok")).error() ==
          file.native() + ": another program is using it; try again");
    REQUIRE(other->run("COMMIT"));
    CHECK(history->add(run("a@example.test", "example.test", "ok")));
}

TEST_CASE("history: a damaged file is said to be damaged", "[store]") {
    const Folder folder;
    const auto file = folder / "runs.sqlite";
    {
        auto history = History::open_for_writing(file);
        REQUIRE(history);
        for (int i = 0; i < 50; ++i)
            REQUIRE(history->add(run("a@example.test", "example.test", "ok")));
    }
    std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(4096);
    bytes << std::string(8192, '\x7F');
    bytes.close();
    const auto history = History::open_for_reading(file);
    REQUIRE(history);
    CHECK(history->list("", 100).error() == file.native() + ": it is damaged");
}

TEST_CASE("history: a name like an address with options is a name", "[store]") {
    const Folder folder;
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(folder / "");
    const bool opened = History::open_for_writing("file:x?mode=memory").has_value();
    const bool there = std::filesystem::exists(folder / "file:x?mode=memory");
    std::filesystem::current_path(before);
    CHECK(opened);
    CHECK(there);
}
