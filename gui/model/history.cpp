#include "gui/model/history.h"

#include <algorithm>
#include <filesystem>

#include "core/doctor/history.h"
#include "core/model/text.h"
#include "core/platform/folders.h"
#include "core/report/clean.h"
#include "core/report/render.h"
#include "core/report/times.h"

namespace maildoctor::gui {
namespace {

constexpr std::size_t most_runs = 1000;

std::string no_home() {
    return "there is no home folder to keep runs in";
}

}  // namespace

std::filesystem::path HistoryModel::file() const {
    if (!store.empty()) return store;
    const auto folder = platform::user_folders().data;
    return folder.empty() ? folder : folder / "history.sqlite";
}

std::string HistoryModel::load() {
    runs_.clear();
    const auto place = file();
    std::error_code error;
    if (place.empty() || !std::filesystem::exists(place, error)) return {};
    const auto runs = doctor::list_runs(place.string(), std::string(trimmed(wanted)), most_runs);
    if (!runs) return runs.error();
    for (const RunRecord& run : *runs)
        runs_.push_back({.id = run.id,
                         .when = report::readable_time(run.started),
                         .about = report::cleaned(run.subject),
                         .verdict = report::cleaned(run.verdict),
                         .cause = report::cleaned(run.primary)});
    return {};
}

std::string HistoryModel::keep(const Report& report) {
    const auto place = file();
    if (place.empty()) return no_home();
    std::error_code error;
    std::filesystem::create_directories(place.parent_path(), error);
    if (error) return place.parent_path().string() + ": " + error.message();
    const auto kept = doctor::keep_run(place.string(), "check", report::render_json(report));
    return kept ? std::string() : kept.error();
}

void HistoryModel::choose(std::int64_t id) {
    compared_ = false;
    differences_.clear();
    if (const auto at = std::ranges::find(chosen_, id); at != chosen_.end()) {
        chosen_.erase(at);
        return;
    }
    chosen_.push_back(id);
    if (chosen_.size() > 2) chosen_.erase(chosen_.begin());
}

bool HistoryModel::is_chosen(std::int64_t id) const {
    return std::ranges::find(chosen_, id) != chosen_.end();
}

std::string HistoryModel::compare() {
    differences_.clear();
    compared_ = false;
    if (chosen_.size() != 2) return {};
    const auto [before, after] = std::minmax(chosen_[0], chosen_[1]);
    const auto comparison = doctor::compare_runs(file().string(), before, after);
    if (!comparison) return comparison.error();
    for (const Difference& difference : comparison->differences)
        differences_.push_back({.what = report::cleaned(difference.section + ": " + difference.what),
                                .before = report::cleaned(difference.before),
                                .after = report::cleaned(difference.after)});
    compared_ = true;
    return {};
}

}  // namespace maildoctor::gui
