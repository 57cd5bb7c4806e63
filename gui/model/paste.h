// Paste: a text, and what it means, while it is being typed.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/report/explanation.h"
#include "core/report/named_server.h"
#include "gui/model/explainer.h"
#include "gui/model/job.h"
#include "gui/model/words.h"

namespace maildoctor::gui {

/// Longer texts are cut: a field is for reading, too.
inline constexpr std::size_t longest_paste = 256U << 10U;  // octets

class PasteModel {
public:
    explicit PasteModel(Wake wake) : wake_(wake), explainer_(std::move(wake)) {}

    std::string text{};     ///< what stands in the field
    std::string program{};  ///< id of the mail program whose steps are wanted; empty: the one of the text

    /// Takes a text over into the field. Line ends become '\n', control characters blanks.
    void put(std::string_view bytes);
    /// The field changed.
    void text_changed();
    /// Looks for news. @return whether something changed
    bool poll(Language language);
    /// Tells it again after a change of program or language.
    void retell(Language language);
    /// Waits for the explanation of the present text.
    void settle(Language language);

    bool has_answer() const noexcept { return clues_.has_value(); }
    const Clues& clues() const noexcept { return *clues_; }
    const report::Explanation& said() const noexcept { return said_; }
    bool was_cut() const noexcept { return cut_; }
    /// The ticket in Markdown, without names.
    std::string ticket(Language language) const;
    /// The user's steps as plain text; empty where there are none.
    std::string for_customer() const;

    // ---- the server that the text names
    bool can_ask() const { return has_answer() && said_.known && !report::cannot_ask(*clues_); }
    bool asking() const noexcept { return job_ != nullptr && !report_; }
    /// @return empty, or one line that says why not
    std::string ask_server(const doctor::Options& options, Language language);
    void stop_asking() noexcept;
    /// What came of it; nothing while it was not asked.
    const std::optional<Report>& report() const noexcept { return report_; }
    std::string verdict(Language language) const;
    std::unique_ptr<Job> hand_over_job() { return std::move(job_); }

private:
    Wake wake_;
    Explainer explainer_;
    std::optional<Clues> clues_{};
    report::Explanation said_{};
    bool cut_{false};
    std::unique_ptr<Job> job_{};
    std::optional<Report> report_{};
};

/// "2026-11-22" of the present day, in UTC.
std::string today();

}  // namespace maildoctor::gui
