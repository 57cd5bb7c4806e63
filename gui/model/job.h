// One check under way, as the window sees it: news to be taken each frame, and a way to stop it.
#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/doctor/doctor.h"
#include "core/doctor/validation.h"
#include "gui/model/explainer.h"
#include "gui/model/words.h"

namespace maildoctor::gui {

struct News {
    std::vector<doctor::Progress> steps{};
    std::optional<Report> report{};  ///< at the end, once
    std::string fault{};             ///< in its place, when maildoctor itself failed
};

/// Runs on the engine's own threads; every member returns at once, but the destructor stops the run and waits
/// for the few milliseconds that takes.
class Job {
public:
    /// @return the job, or one line that says which option cannot be used
    static std::expected<std::unique_ptr<Job>, std::string> start(Request request, doctor::Options options,
                                                                  doctor::Credentials credentials, Wake wake);
    /// Validates what a domain publishes. @return like start()
    static std::expected<std::unique_ptr<Job>, std::string> validate(EmailAddress account,
                                                                     doctor::Options options,
                                                                     Language language, Wake wake);
    Job(const Job&) = delete;
    Job& operator=(const Job&) = delete;
    ~Job();

    void cancel() noexcept;
    /// What happened since the last call.
    News take();
    /// The report told again for another program or language. Only when it has ended.
    Report retold(const Report& report, const std::string& program, const std::string& language) const;

private:
    struct Shared;
    Job() = default;
    std::shared_ptr<Shared> shared_;
    /// Waits for the end of a run on a thread of its own.
    template <class Wait>
    void wait_for_end(Wait wait);

    std::shared_ptr<doctor::Run> run_;  ///< of a check
    std::shared_ptr<doctor::ValidationRun> validation_;
    std::jthread waiter_;
};

}  // namespace maildoctor::gui
