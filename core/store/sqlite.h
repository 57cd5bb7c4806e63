// SQLite's handles with one owner each, and its failures in words. For history.cpp alone.
#pragma once

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

namespace maildoctor::store {

template <auto Free>
struct Deleter {
    template <class T>
    void operator()(T* handle) const noexcept {
        Free(handle);
    }
};
using DatabasePtr = std::unique_ptr<sqlite3, Deleter<sqlite3_close_v2>>;
using StatementPtr = std::unique_ptr<sqlite3_stmt, Deleter<sqlite3_finalize>>;

/// What an SQLite result code means for the person who named the file, in a few words.
std::string reason(int code);

/// An open database.
class Database {
public:
    /// Opens a file that exists. @param wait how long another program's lock is waited for
    /// @return the database, or a few words
    static std::expected<Database, std::string> open(const std::string& path, std::chrono::milliseconds wait);

    /// Runs statements that give no rows. @return nothing, or a few words
    std::expected<void, std::string> run(const std::string& statements);
    /// The number that a question gives. @return the number, or a few words
    std::expected<std::int64_t, std::string> number(const std::string& question);
    std::int64_t last_row() const noexcept { return sqlite3_last_insert_rowid(handle_.get()); }
    sqlite3* handle() const noexcept { return handle_.get(); }

private:
    DatabasePtr handle_;
};

/// One prepared statement. Values are bound in the order of the calls.
class Statement {
public:
    Statement(const Database& database, std::string_view text);

    Statement& with(std::string_view text);
    Statement& with(std::int64_t number);

    /// Takes the next row. @return whether there is one, or a few words
    std::expected<bool, std::string> next();
    /// Of the row that was taken.
    std::string text(int column) const;
    std::int64_t number(int column) const { return sqlite3_column_int64(handle_.get(), column); }

private:
    void keep(int code) noexcept {
        if (code_ == SQLITE_OK) code_ = code;
    }

    StatementPtr handle_;
    int code_{SQLITE_OK};  // of preparing and binding
    int bound_{0};
};

}  // namespace maildoctor::store
