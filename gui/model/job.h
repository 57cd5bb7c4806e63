// One check under way, as the window sees it: news to be taken each frame, and a way to stop it.
#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/doctor/doctor.h"
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
    std::shared_ptr<doctor::Run> run_;
    std::jthread waiter_;  ///< waits for the end of the run
};

}  // namespace maildoctor::gui
