// History: earlier runs, and what differs between two of them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/model/report.h"
#include "gui/model/words.h"

namespace maildoctor::gui {

struct PastRun {
    std::int64_t id{};
    std::string when{}, about{}, verdict{}, cause{};
};

struct PastDifference {
    std::string what{}, before{}, after{};
};

class HistoryModel {
public:
    std::filesystem::path store{};  ///< the file; empty: the one that `maildoctor history` looks at
    std::string wanted{};           ///< only runs about this address, domain or host

    /// Reads the runs. @return empty, or one line that says why that is not possible
    std::string load();
    /// Keeps a run. @return empty, or one line that says why that is not possible
    std::string keep(const Report& report);
    /// Chooses a run or takes the choice back; of three chosen ones the oldest choice goes.
    void choose(std::int64_t id);
    bool is_chosen(std::int64_t id) const;
    /// Compares the two that are chosen. @return empty, or one line that says why that is not possible
    std::string compare();

    const std::vector<PastRun>& runs() const noexcept { return runs_; }
    std::vector<PastRun>& runs() noexcept { return runs_; }
    const std::vector<PastDifference>& differences() const noexcept { return differences_; }
    std::size_t chosen_count() const noexcept { return chosen_.size(); }
    bool compared() const noexcept { return compared_; }

private:
    std::filesystem::path file() const;

    std::vector<PastRun> runs_{};
    std::vector<std::int64_t> chosen_{};
    std::vector<PastDifference> differences_{};
    bool compared_{false};
};

}  // namespace maildoctor::gui
