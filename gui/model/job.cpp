#include "gui/model/job.h"

#include <exception>
#include <mutex>
#include <utility>

namespace maildoctor::gui {

struct Job::Shared {
    explicit Shared(Wake callback) : wake(std::move(callback)) {}
    std::mutex mutex;
    News news;
    Wake wake;
};

std::expected<std::unique_ptr<Job>, std::string> Job::start(Request request, doctor::Options options,
                                                            doctor::Credentials credentials, Wake wake) {
    std::unique_ptr<Job> job(new Job);
    job->shared_ = std::make_shared<Shared>(std::move(wake));
    options.live = true;
    const auto sink = [shared = job->shared_](const doctor::Progress& step) {
        {
            const std::lock_guard<std::mutex> lock(shared->mutex);
            shared->news.steps.push_back(step);
        }
        if (shared->wake) shared->wake();
    };
    auto run = doctor::start_check(std::move(request), std::move(options), sink, std::move(credentials));
    if (!run) return std::unexpected(run.error().line);
    job->run_ = std::move(*run);
    job->waiter_ = std::jthread([shared = job->shared_, started = job->run_] {
        std::optional<Report> report;
        std::string fault;
        try {
            report = started->wait();
        } catch (const std::exception& error) {
            fault = error.what();
        }
        {
            const std::lock_guard<std::mutex> lock(shared->mutex);
            shared->news.report = std::move(report);
            shared->news.fault = std::move(fault);
        }
        if (shared->wake) shared->wake();
    });
    return job;
}

Job::~Job() {
    cancel();
}

void Job::cancel() noexcept {
    if (run_) run_->cancel();
}

News Job::take() {
    const std::lock_guard<std::mutex> lock(shared_->mutex);
    return std::exchange(shared_->news, {});
}

Report Job::retold(const Report& report, const std::string& program, const std::string& language) const {
    return run_->retold(report, program, language);
}

}  // namespace maildoctor::gui
