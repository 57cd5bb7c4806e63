#include "core/doctor/history.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "core/store/compare.h"
#include "core/store/history.h"
#include "core/store/other_runs.h"

namespace maildoctor::doctor {
namespace {

constexpr std::size_t runs_looked_at = 20;  // so far back a server is looked for

/// The names under which runs about the same servers are kept.
std::vector<std::string> subjects_of(const Request& request) {
    std::vector<std::string> names;
    if (request.email) names.push_back(request.email->domain.text());
    for (const auto* typed : {&request.incoming, &request.outgoing, &request.relay.server})
        if (*typed) names.push_back((*typed)->host.text());
    return names;
}

std::unexpected<std::string> no_run(const std::string& store, std::int64_t id) {
    return std::unexpected(store + ": there is no run " + std::to_string(id));
}

}  // namespace

std::expected<std::int64_t, std::string> keep_run(const std::string& store, const std::string& command,
                                                  std::string_view document) {
    auto run = store::record_of(document);
    if (!run) return std::unexpected(store + ": the report " + run.error());
    run->command = command;
    auto history = store::History::open_for_writing(store);
    if (!history) return std::unexpected(std::move(history).error());
    return history->add(*run);
}

std::expected<std::vector<RunRecord>, std::string> list_runs(const std::string& store,
                                                             const std::string& domain, std::size_t limit) {
    auto history = store::History::open_for_reading(store);
    if (!history) return std::unexpected(std::move(history).error());
    return history->list(domain, limit);
}

std::expected<Comparison, std::string> compare_runs(const std::string& store, std::int64_t before,
                                                    std::int64_t after) {
    auto history = store::History::open_for_reading(store);
    if (!history) return std::unexpected(std::move(history).error());
    auto old = history->find(before);
    if (!old) return std::unexpected(std::move(old).error());
    if (!*old) return no_run(store, before);
    auto now = history->find(after);
    if (!now) return std::unexpected(std::move(now).error());
    if (!*now) return no_run(store, after);
    auto result = store::compare((*old)->document, (*now)->document);
    if (!result)
        return std::unexpected(store + ": run " + std::to_string(result.error().second ? after : before) +
                               " " + result.error().why);
    result->before.id = before;
    result->after.id = after;
    return std::move(*result);
}

std::expected<Comparison, std::string> compare_with_last_working(const std::string& store,
                                                                 const std::string& domain) {
    auto history = store::History::open_for_reading(store);
    if (!history) return std::unexpected(std::move(history).error());
    const auto last = history->latest(domain, "", std::nullopt);
    if (!last) return std::unexpected(last.error());
    if (!*last) return std::unexpected(store + ": there is no run about " + domain);
    auto earlier = history->latest(domain, "ok", **last);
    if (earlier && !*earlier) earlier = history->latest(domain, "", **last);
    if (!earlier) return std::unexpected(earlier.error());
    if (!*earlier) return std::unexpected(store + ": there is only one run about " + domain);
    return compare_runs(store, **earlier, **last);
}

OtherRuns earlier_runs(const std::string& store, const Request& request) {
    OtherRuns runs;
    std::error_code error;
    if (!std::filesystem::exists(store, error)) return runs;
    const auto history = store::History::open_for_reading(store);
    if (!history) return runs;
    for (const std::string& subject : subjects_of(request)) {
        const auto list = history->list(subject, runs_looked_at);
        if (!list) continue;
        for (const RunRecord& record : *list) {
            const auto whole = history->find(record.id);
            if (whole && *whole)
                (void)store::add_run((*whole)->document, "run " + std::to_string(record.id), runs);
        }
    }
    return runs;
}

std::expected<void, std::string> add_other_run(const NamedDocument& report, OtherRuns& runs) {
    auto added = store::add_run(report.bytes, report.name, runs);
    if (!added) return std::unexpected(report.name + ": " + added.error());
    return {};
}

std::expected<Comparison, std::string> compare_documents(const NamedDocument& before,
                                                         const NamedDocument& after) {
    auto result = store::compare(before.bytes, after.bytes);
    if (!result)
        return std::unexpected((result.error().second ? after : before).name + ": " + result.error().why);
    return std::move(*result);
}

}  // namespace maildoctor::doctor
