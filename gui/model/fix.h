// Fix: what to do, step by step, and what to hand on to others.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/report/guide.h"
#include "gui/model/check.h"
#include "gui/model/paste.h"

namespace maildoctor::gui {

struct TickStep {
    std::string text{};
    bool done{false};
};

/// One finding with what can be handed on.
struct FindingCard {
    std::string title{}, subject{}, explanation{};
    Severity severity{};
    bool primary{false};
    std::string actor{};               ///< who must act, in words
    std::vector<std::string> seen{};   ///< the evidence, one line each
    std::vector<std::string> steps{};  ///< of whoever must act
    std::string message{};             ///< ready to send to whoever must act
};

/// One thing that two runs see differently.
struct Change {
    std::string what{}, before{}, after{};
    bool better{false};
};

class FixModel {
public:
    std::string program{};  ///< id of the mail program; empty: any

    void from_report(const Report& report, Language language);
    void from_paste(const PasteModel& paste, Language language);
    void compare(const Report& before, const Report& after, Language language);
    void clear();

    bool empty() const noexcept { return title_.empty(); }
    bool from_a_report() const noexcept { return report_.has_value(); }
    const std::string& title() const noexcept { return title_; }
    const std::string& meaning() const noexcept { return meaning_; }
    std::vector<TickStep>& steps() noexcept { return steps_; }
    std::vector<TickStep>& guide() noexcept { return guide_steps_; }
    const std::string& guide_name() const noexcept { return guide_name_; }
    const std::vector<FindingCard>& findings() const noexcept { return findings_; }
    const std::vector<Change>& changes() const noexcept { return changes_; }
    bool compared() const noexcept { return compared_; }

    /// Plain text to read out or send: title, steps and, for a chosen program, its guide.
    std::string for_customer() const;
    /// Markdown with the evidence masked.
    std::string ticket(Language language) const;
    std::string html(Language language) const;
    std::string json() const;
    /// A file name for the report: "maildoctor-example.org-2026-11-22".
    std::string file_stem() const;
    /// What failed, to be asked once more; nothing when nothing failed.
    std::optional<Request> repetition() const;

private:
    void tell_guide(const report::GuideValues& values, Language language);

    std::optional<Report> report_{};
    std::string ticket_{};
    std::string title_{}, meaning_{}, guide_name_{};
    std::vector<TickStep> steps_{}, guide_steps_{};
    std::vector<FindingCard> findings_{};
    std::vector<Change> changes_{};
    bool compared_{false};
};

/// What the second report shows differently, server by server and finding by finding.
std::vector<Change> changes_between(const Report& before, const Report& after, Language language);

}  // namespace maildoctor::gui
