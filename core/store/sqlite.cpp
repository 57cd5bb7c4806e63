#include "core/store/sqlite.h"

namespace maildoctor::store {

std::string reason(int code) {
    switch (code & 0xFF) {  // the primary code, which a family of extended ones shares
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return "another program is using it; try again";
        case SQLITE_FULL:
            return "the disk is full";
        case SQLITE_READONLY:
            return "it is read-only";
        case SQLITE_CORRUPT:
            return "it is damaged";
        case SQLITE_NOTADB:
            return "it is not a history of maildoctor";
        case SQLITE_IOERR:
            return "the disk cannot be read or written";
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return "it cannot be opened";
        default:
            return std::string("it cannot be used (") + sqlite3_errstr(code) + ")";
    }
}

std::expected<Database, std::string> Database::open(const std::string& path, std::chrono::milliseconds wait) {
    Database database;
    sqlite3* handle = nullptr;
    // Not SQLITE_OPEN_URI: "file:x?mode=…" is a name. Not SQLITE_OPEN_CREATE: the file has its mode already.
    // A file that cannot be written is opened for reading.
    const int code =
        sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    database.handle_.reset(handle);
    if (code != SQLITE_OK) return std::unexpected(reason(code));
    sqlite3_busy_timeout(handle, static_cast<int>(wait.count()));
    return database;
}

std::expected<void, std::string> Database::run(const std::string& statements) {
    const int code = sqlite3_exec(handle_.get(), statements.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return std::unexpected(reason(code));
    return {};
}

std::expected<std::int64_t, std::string> Database::number(const std::string& question) {
    Statement statement(*this, question);
    const auto row = statement.next();
    if (!row) return std::unexpected(row.error());
    return *row ? statement.number(0) : 0;
}

Statement::Statement(const Database& database, std::string_view text) {
    sqlite3_stmt* handle = nullptr;
    keep(sqlite3_prepare_v2(database.handle(), text.data(), static_cast<int>(text.size()), &handle, nullptr));
    handle_.reset(handle);
}

Statement& Statement::with(std::string_view text) {
    // SQLite copies: the caller's text need not live on.
    keep(sqlite3_bind_text64(
        handle_.get(), ++bound_, text.data(), text.size(),
        SQLITE_TRANSIENT,  // NOLINT(cppcoreguidelines-pro-type-cstyle-cast): SQLite's macro
        SQLITE_UTF8));
    return *this;
}

Statement& Statement::with(std::int64_t number) {
    keep(sqlite3_bind_int64(handle_.get(), ++bound_, number));
    return *this;
}

std::expected<bool, std::string> Statement::next() {
    if (code_ != SQLITE_OK) return std::unexpected(reason(code_));
    const int code = sqlite3_step(handle_.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return std::unexpected(reason(code));
}

std::string Statement::text(int column) const {
    const auto* const bytes = static_cast<const char*>(sqlite3_column_blob(handle_.get(), column));
    const int size = sqlite3_column_bytes(handle_.get(), column);
    return bytes == nullptr ? std::string() : std::string(bytes, static_cast<std::size_t>(size));
}

}  // namespace maildoctor::store
