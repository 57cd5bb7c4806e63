// What is known about each server and port, step by step: DNS, port, TLS, login, relay.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/model/report.h"
#include "gui/model/words.h"

namespace maildoctor::gui {

enum class Step : std::uint8_t { dns, port, tls, login, relay, count };
inline constexpr std::size_t step_count = static_cast<std::size_t>(Step::count);

/// Each has its own shape as well as its own colour.
enum class CellState : std::uint8_t {
    not_asked,
    running,
    good,
    warning,
    bad,
    unknown,  ///< could not be told
    closed,   ///< not offered, and nobody asked for it: no fault
};

using ObservationPtr = std::shared_ptr<const Observation>;

struct Cell {
    CellState state{CellState::not_asked};
    std::string summary{};  ///< two or three words
    std::vector<ObservationPtr> seen{};
};

struct MatrixRow {
    std::string host{};
    std::optional<Port> port{};
    std::optional<Protocol> protocol{};
    std::optional<Security> security{};
    Role role{Role::incoming};
    bool typed{false};  ///< named by the user or by the pasted text
    bool running{false};
    std::array<Cell, step_count> cells{};

    const Cell& cell(Step step) const { return cells[static_cast<std::size_t>(step)]; }
    Cell& cell(Step step) { return cells[static_cast<std::size_t>(step)]; }
    /// "imap.example.org:993"
    std::string place() const;
};

class Matrix {
public:
    explicit Matrix(Language language = Language::english) : language_(language) {}

    void started(const Subject& subject);
    void finished(const Subject& subject);
    void add(ObservationPtr seen);
    /// Nothing is under way any more.
    void settle();
    void clear() { rows_.clear(), names_.clear(); }

    /// Typed servers first, then what receives, what sends, and where mail arrives.
    const std::vector<MatrixRow>& rows() const noexcept { return rows_; }

private:
    struct Name {
        std::string host{};
        Cell cell{};
    };
    MatrixRow& row_for(const Subject& subject, Role role);
    Name& name_for(const std::string& host);
    void add_lookup(const ObservationPtr& seen);

    Language language_;
    std::vector<MatrixRow> rows_{};
    std::vector<Name> names_{};
};

/// The matrix of a report that has ended.
Matrix matrix_of(const Report& report, Language language);

const char* words_for(CellState state, Language language);
const char* words_for(Step step, Language language);

}  // namespace maildoctor::gui
