// Check: the form, the run while it goes on, and what came of it.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "gui/model/form.h"
#include "gui/model/job.h"
#include "gui/model/matrix.h"
#include "gui/model/timeline.h"

namespace maildoctor::gui {

enum class CheckStage : std::uint8_t { form, running, stopping, done };

/// A mark that was chosen.
struct Choice {
    std::string place{};
    Step step{};
    friend bool operator==(const Choice&, const Choice&) = default;
};

class CheckModel {
public:
    explicit CheckModel(Wake wake) : wake_(std::move(wake)) {}

    CheckForm form{};
    doctor::Options options{};  ///< of the command line: resolvers, CA file, …
    std::vector<HostName> control_hosts{};
    std::optional<Choice> chosen{};

    /// Starts what the form says. The password field is empty and wiped afterwards.
    /// @return false when the form has faults: they are in reading() from now on
    bool start(Language language);
    /// Starts another request, such as a repetition of what failed.
    void start(Request request, doctor::Credentials credentials, Language language);
    /// Stops at once; what was seen until now stays.
    void cancel();
    /// Back to the form, its fields as they were.
    void reset();
    /// Takes news of the run. @return whether something changed
    bool poll(Language language);
    /// Tells the report for another program or in another language.
    void retell(const std::string& program, Language language);
    /// Shows a report from elsewhere: a scene, an earlier run, the server of a pasted text.
    void adopt(Report report, Language language, std::unique_ptr<Job> job = nullptr);

    CheckStage stage() const noexcept { return stage_; }
    bool busy() const noexcept { return stage_ == CheckStage::running || stage_ == CheckStage::stopping; }
    const FormReading& reading() const noexcept { return reading_; }
    const std::string& complaint() const noexcept { return complaint_; }
    const Matrix& matrix() const noexcept { return matrix_; }
    const Timeline& timeline() const noexcept { return timeline_; }
    const std::string& doing() const noexcept { return doing_; }
    std::size_t done() const noexcept { return done_; }
    std::size_t planned() const noexcept { return planned_; }
    bool was_stopped() const noexcept { return stopped_; }
    bool password_wiped() const noexcept { return password_wiped_; }
    std::chrono::milliseconds elapsed() const;
    /// How long the run that was stopped last took to end after that; nothing when none was stopped.
    std::optional<std::chrono::milliseconds> took_to_stop() const noexcept { return took_to_stop_; }
    /// The report: at the end the whole, before it what is certain already; null: nothing yet.
    const Report* report() const noexcept { return report_ ? &*report_ : so_far_.get(); }
    bool ended() const noexcept { return report_.has_value(); }
    /// The last run before this one, to compare with.
    const std::optional<Report>& before() const noexcept { return before_; }
    void forget_before() noexcept { before_.reset(); }
    void remember_as_before() { before_ = report_; }
    const Cell* chosen_cell() const;

    // For scenes: a run in the middle.
    void pretend_running(const Report& seen, std::size_t first, Language language);

private:
    void take_step(const doctor::Progress& step);

    Wake wake_;
    CheckStage stage_{CheckStage::form};
    FormReading reading_{};
    std::string complaint_{};
    Matrix matrix_{};
    Timeline timeline_{};
    std::string doing_{};
    std::size_t done_{}, planned_{};
    bool stopped_{false}, password_wiped_{false};
    std::chrono::steady_clock::time_point began_{}, stopped_at_{};
    std::optional<std::chrono::milliseconds> pretended_{}, took_to_stop_{};
    std::unique_ptr<Job> job_{};
    std::shared_ptr<const Report> so_far_{};
    std::optional<Report> report_{}, before_{};
};

}  // namespace maildoctor::gui
