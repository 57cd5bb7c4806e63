#include "gui/model/domains_job.h"

#include <exception>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace maildoctor::gui {
namespace {

constexpr std::size_t side_by_side = 32;

}  // namespace

struct DomainsJob::Shared {
    Shared(std::vector<HostName> list, Wake callback) : domains(std::move(list)), wake(std::move(callback)) {
        for (std::size_t i = 0; i < domains.size(); ++i)
            places.emplace(domains[i].text(), i);
    }

    std::optional<doctor::BulkJob> next() {
        const std::lock_guard<std::mutex> lock(mutex);
        if (given == domains.size()) return std::nullopt;
        news.started.push_back(given);
        return doctor::BulkJob{.account = {.local = "postmaster", .domain = domains[given++]}};
    }

    void put(const Validation& validation) {
        {
            const std::lock_guard<std::mutex> lock(mutex);
            const auto& domain = validation.report.request.domain;
            const auto place = domain ? places.find(domain->text()) : places.end();
            if (place != places.end()) news.finished.emplace_back(place->second, validation);
        }
        if (wake) wake();
    }

    void end(std::string fault) {
        {
            const std::lock_guard<std::mutex> lock(mutex);
            news.ended = true;
            news.fault = std::move(fault);
        }
        if (wake) wake();
    }

    std::mutex mutex;
    std::vector<HostName> domains;
    std::unordered_map<std::string, std::size_t> places{};
    std::size_t given{0};
    DomainsNews news{};
    Wake wake;
};

std::expected<std::unique_ptr<DomainsJob>, std::string> DomainsJob::start(std::vector<HostName> domains,
                                                                          const doctor::Options& options,
                                                                          Language language, Wake wake) {
    std::unique_ptr<DomainsJob> job(new DomainsJob);
    job->shared_ = std::make_shared<Shared>(std::move(domains), std::move(wake));
    auto run = doctor::start_bulk(
        [shared = job->shared_] { return shared->next(); },
        [shared = job->shared_](const Validation& validation) { shared->put(validation); }, options,
        {.language = std::string(report::tag_of(language))}, {.concurrency = side_by_side});
    if (!run) return std::unexpected(run.error().line);
    job->run_ = std::move(*run);
    job->waiter_ = std::jthread([shared = job->shared_, started = job->run_] {
        std::string fault;
        try {
            started->wait();
        } catch (const std::exception& error) {
            fault = error.what();
        }
        shared->end(std::move(fault));
    });
    return job;
}

DomainsJob::~DomainsJob() {
    cancel();
}

void DomainsJob::cancel() noexcept {
    if (run_) run_->cancel();
}

DomainsNews DomainsJob::take() {
    const std::lock_guard<std::mutex> lock(shared_->mutex);
    DomainsNews news = std::move(shared_->news);
    shared_->news = {};
    return news;
}

}  // namespace maildoctor::gui
