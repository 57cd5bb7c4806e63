// The facade's part for runs that are kept and compared. No network.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/history.h"
#include "core/model/other_runs.h"
#include "core/model/report.h"

namespace maildoctor::doctor {

/// Keeps a run in an SQLite file, which is made with mode 0600 when it is missing.
/// @param command the command that ran: "check", "validate"
/// @param document the JSON report; it holds no secret
/// @return the run's number, or one line that says why it could not be kept: the file is no history, another
/// program
///         holds it, the disk is full, it is read-only, …
std::expected<std::int64_t, std::string> keep_run(const std::string& store, const std::string& command,
                                                  std::string_view document);

/// The runs of a store, the latest first, without their documents.
/// @param domain only runs about this address, domain or host; empty: all
/// @return the runs, or one line that says why the store cannot be read
std::expected<std::vector<RunRecord>, std::string> list_runs(const std::string& store,
                                                             const std::string& domain, std::size_t limit);

/// What differs between two runs of a store.
/// @return the comparison, or one line that says what is missing or cannot be read
std::expected<Comparison, std::string> compare_runs(const std::string& store, std::int64_t before,
                                                    std::int64_t after);

/// What changed since it last worked: the latest run about `domain` beside the latest one before it whose
/// verdict was ok; where none was, the run before.
std::expected<Comparison, std::string> compare_with_last_working(const std::string& store,
                                                                 const std::string& domain);

/// A report that lies in a file, named for messages.
struct NamedDocument {
    std::string name{};
    std::string bytes{};
};

/// What differs between two JSON reports, such as those of two networks.
std::expected<Comparison, std::string> compare_documents(const NamedDocument& before,
                                                         const NamedDocument& after);

/// What the latest runs about the same account or server saw, for Options::other_runs.
/// @return nothing where the store does not exist yet or cannot be read: keep_run() then says why
OtherRuns earlier_runs(const std::string& store, const Request& request);

/// Adds what a report from another network or moment saw.
/// @return nothing, or one line that says why it cannot be read
std::expected<void, std::string> add_other_run(const NamedDocument& report, OtherRuns& runs);

}  // namespace maildoctor::doctor
