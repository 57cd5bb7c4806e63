// Validate: many domains in a table that can be sorted, filtered and exported.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/report/validation.h"
#include "gui/model/domains_job.h"
#include "gui/model/words.h"

namespace maildoctor::gui {

enum class RowState : std::uint8_t { waiting, running, done };

struct DomainRow {
    std::string domain{};
    RowState state{RowState::waiting};
    Verdict verdict{Verdict::inconclusive};
    std::string primary{};  ///< title of the main finding
    std::string actor{};
    std::size_t warnings{}, settings{}, questions{};
    std::chrono::milliseconds took{};
    std::shared_ptr<const Validation> validation{};  ///< what came of it
};

enum class Column : std::uint8_t {
    domain,
    state,
    primary,
    actor,
    warnings,
    settings,
    questions,
    took,
    count
};
inline constexpr std::size_t column_count = static_cast<std::size_t>(Column::count);

/// Longer lists are cut here.
inline constexpr std::size_t most_domains = 100000;

/// Finds the domains in a text: one a line, or behind the @ of addresses, in any surroundings. Each once, in
/// order.
std::vector<std::string> domains_in(std::string_view text);

class ValidateModel {
public:
    explicit ValidateModel(Wake wake) : wake_(std::move(wake)) {}
    ValidateModel(const ValidateModel&) = delete;
    ValidateModel& operator=(const ValidateModel&) = delete;

    std::string text{};    ///< the list as typed
    std::string filter{};  ///< what the shown rows must contain

    void set_domains(const std::vector<std::string>& domains);
    /// Starts to validate all rows.
    /// @return empty, or one line that says why that is not possible
    std::string start(const doctor::Options& options, Language language);
    /// Stops at once; what is finished stays.
    void cancel();
    /// Takes news of the run. @return whether something changed
    bool poll(Language language);
    bool running() const noexcept { return job_ != nullptr; }
    void clear();

    void sort_by(Column column, bool ascending);
    /// The filter changed.
    void refresh();

    std::size_t size() const noexcept { return rows_.size(); }
    std::size_t done() const noexcept { return done_; }
    std::size_t problems() const noexcept { return problems_; }
    /// Positions of the rows to be shown, in their order.
    const std::vector<std::uint32_t>& shown() const noexcept { return shown_; }
    const DomainRow& row(std::size_t position) const { return rows_[position]; }
    /// A finished row from elsewhere: a scene, a test.
    void put(std::size_t position, Validation validation, Language language);
    /// What went wrong in the run as a whole; empty: nothing.
    const std::string& complaint() const noexcept { return complaint_; }

    /// The rows that are shown and finished, as the command line writes them.
    std::string written(report::ValidationFormat format, Language language) const;

private:
    void order();

    Wake wake_;
    std::vector<DomainRow> rows_{};
    std::vector<std::uint32_t> shown_{};
    std::unique_ptr<DomainsJob> job_{};
    std::string complaint_{};
    std::size_t done_{0}, problems_{0};
    Column column_{Column::domain};
    bool ascending_{true};
    bool sorted_{false};
};

const char* words_for(const DomainRow& row, Language language);

}  // namespace maildoctor::gui
