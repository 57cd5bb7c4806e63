// Runs kept in an SQLite file.
#pragma once

#include <chrono>
#include <cstddef>
#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/model/history.h"

namespace maildoctor::store {

/// How long a file that another program writes to is waited for.
inline constexpr std::chrono::milliseconds busy_wait{3000};

/// A file of runs. Every failure is one line that names the file: it is not a history, another program holds
/// it, the disk is full, it cannot be written or read.
class History {
public:
    /// Opens the file; makes it when it is missing. Its mode becomes 0600: reports tell who has an account
    /// where.
    static std::expected<History, std::string> open_for_writing(const std::filesystem::path& file,
                                                                std::chrono::milliseconds wait = busy_wait);
    /// Opens a file that exists; it may be read-only.
    static std::expected<History, std::string> open_for_reading(const std::filesystem::path& file,
                                                                std::chrono::milliseconds wait = busy_wait);
    History(History&&) noexcept;
    History& operator=(History&&) noexcept;
    ~History();

    /// Keeps a run. @return its number
    std::expected<std::int64_t, std::string> add(const RunRecord& run);

    /// The latest runs first, without their documents.
    /// @param domain only runs about this address, domain or host; empty: all
    /// @param limit most runs
    std::expected<std::vector<RunRecord>, std::string> list(const std::string& domain,
                                                            std::size_t limit) const;

    /// One run with its document; nothing when there is none of that number.
    std::expected<std::optional<RunRecord>, std::string> find(std::int64_t id) const;

    /// The number of the latest run about `domain`, before run `before` where that is given.
    /// @param verdict only runs with this verdict; empty: any
    std::expected<std::optional<std::int64_t>, std::string> latest(const std::string& domain,
                                                                   const std::string& verdict,
                                                                   std::optional<std::int64_t> before) const;

private:
    struct Session;
    explicit History(std::unique_ptr<Session> session) noexcept;
    std::unique_ptr<Session> session_;
};

}  // namespace maildoctor::store
