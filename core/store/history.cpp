#include "core/store/history.h"

#include <limits>
#include <utility>

#include "core/platform/file.h"
#include "core/store/sqlite.h"

namespace maildoctor::store {
namespace {

constexpr std::int64_t application_id =
    0x4D444F43;  // "MDOC" in the file's header: no other program's database is touched
constexpr std::int64_t format = 1;

constexpr const char* schema =
    "CREATE TABLE IF NOT EXISTS run ("
    "id INTEGER PRIMARY KEY AUTOINCREMENT, started INTEGER NOT NULL, command TEXT NOT NULL, subject TEXT NOT "
    "NULL, "
    "domain TEXT NOT NULL, verdict TEXT NOT NULL, cause TEXT NOT NULL, version TEXT NOT NULL, document TEXT "
    "NOT NULL);"
    "CREATE INDEX IF NOT EXISTS run_domain ON run (domain, id);";

constexpr const char* no_history = "it is not a history of maildoctor";

/// Whether the database is empty (false) or one of ours that this program understands (true); else a few
/// words.
std::expected<bool, std::string> is_ours(Database& database) {
    const auto id = database.number("PRAGMA application_id");
    if (!id) return std::unexpected(id.error());
    const auto version = database.number("PRAGMA user_version");
    if (!version) return std::unexpected(version.error());
    if (*id == application_id && *version == format) return true;
    if (*id == application_id)
        return std::unexpected("it was written by a newer maildoctor (format " + std::to_string(*version) +
                               ")");
    const auto tables = database.number("SELECT count(*) FROM sqlite_master");
    if (!tables) return std::unexpected(tables.error());
    if (*id != 0 || *version != 0 || *tables != 0) return std::unexpected(no_history);
    return false;
}

/// Makes the table. Two programs may do so at once: the second one waits and finds it there.
std::expected<void, std::string> make_table(Database& database) {
    return database.run("BEGIN IMMEDIATE;" + std::string(schema) +
                        "PRAGMA application_id = " + std::to_string(application_id) +
                        ";PRAGMA user_version = " + std::to_string(format) + ";COMMIT");
}

RunRecord record(const Statement& row) {
    return {.id = row.number(0),
            .started = row.number(1),
            .command = row.text(2),
            .subject = row.text(3),
            .domain = row.text(4),
            .verdict = row.text(5),
            .primary = row.text(6),
            .version = row.text(7)};
}

}  // namespace

struct History::Session {
    std::string name;
    Database database;

    std::unexpected<std::string> failed(const std::string& why) const {
        return std::unexpected(name + ": " + why);
    }
};

History::History(std::unique_ptr<Session> session) noexcept : session_(std::move(session)) {}
History::History(History&&) noexcept = default;
History& History::operator=(History&&) noexcept = default;
History::~History() = default;

std::expected<History, std::string> History::open_for_writing(const std::filesystem::path& file,
                                                              std::chrono::milliseconds wait) {
    // The rights of a file that has content are changed only when it is known to be ours.
    std::error_code error;
    const bool has_content =
        std::filesystem::is_regular_file(file, error) && std::filesystem::file_size(file, error) > 0;
    if (!has_content)
        if (auto ready = platform::make_private(file); !ready)
            return std::unexpected(std::move(ready).error());
    const auto failed = [&](const std::string& why) { return std::unexpected(file.native() + ": " + why); };
    auto database = Database::open(file.native(), wait);
    if (!database) return failed(database.error());
    const auto ours = is_ours(*database);
    if (!ours) return failed(ours.error());
    if (!*ours)
        if (const auto made = make_table(*database); !made) return failed(made.error());
    if (has_content)
        if (auto ready = platform::make_private(file); !ready)
            return std::unexpected(std::move(ready).error());
    return History(std::make_unique<Session>(Session{file.native(), std::move(*database)}));
}

std::expected<History, std::string> History::open_for_reading(const std::filesystem::path& file,
                                                              std::chrono::milliseconds wait) {
    std::error_code error;
    const auto failed = [&](const std::string& why) { return std::unexpected(file.native() + ": " + why); };
    if (!std::filesystem::is_regular_file(file, error))
        return failed("there is no such history; runs are kept by check --store FILE");
    auto database = Database::open(file.native(), wait);
    if (!database) return failed(database.error());
    const auto ours = is_ours(*database);
    if (!ours) return failed(ours.error());
    if (!*ours) return failed("it is empty; runs are kept by check --store FILE");
    return History(std::make_unique<Session>(Session{file.native(), std::move(*database)}));
}

std::expected<std::int64_t, std::string> History::add(const RunRecord& run) {
    Statement insert(session_->database,
                     "INSERT INTO run (started, command, subject, domain, verdict, cause, version, document) "
                     "VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    insert.with(run.started).with(run.command).with(run.subject).with(run.domain).with(run.verdict);
    const auto done = insert.with(run.primary).with(run.version).with(run.document).next();
    if (!done) return session_->failed(done.error());
    return session_->database.last_row();
}

std::expected<std::vector<RunRecord>, std::string> History::list(const std::string& domain,
                                                                 std::size_t limit) const {
    Statement question(session_->database,
                       "SELECT id, started, command, subject, domain, verdict, cause, version FROM run "
                       "WHERE ?1 = '' OR domain = ?1 OR subject = ?1 ORDER BY id DESC LIMIT ?2");
    question.with(domain).with(static_cast<std::int64_t>(limit));
    std::vector<RunRecord> runs;
    for (;;) {
        const auto row = question.next();
        if (!row) return session_->failed(row.error());
        if (!*row) return runs;
        runs.push_back(record(question));
    }
}

std::expected<std::optional<RunRecord>, std::string> History::find(std::int64_t id) const {
    Statement question(session_->database,
                       "SELECT id, started, command, subject, domain, verdict, cause, version, document "
                       "FROM run WHERE id = ?");
    const auto row = question.with(id).next();
    if (!row) return session_->failed(row.error());
    if (!*row) return std::nullopt;
    RunRecord found = record(question);
    found.document = question.text(8);
    return found;
}

std::expected<std::optional<std::int64_t>, std::string> History::latest(
    const std::string& domain, const std::string& verdict, std::optional<std::int64_t> before) const {
    Statement question(session_->database,
                       "SELECT id FROM run WHERE (domain = ?1 OR subject = ?1) AND (?2 = '' OR verdict = ?2) "
                       "AND id < ?3 ORDER BY id DESC LIMIT 1");
    question.with(domain).with(verdict).with(before.value_or(std::numeric_limits<std::int64_t>::max()));
    const auto row = question.next();
    if (!row) return session_->failed(row.error());
    return *row ? std::optional(question.number(0)) : std::nullopt;
}

}  // namespace maildoctor::store
