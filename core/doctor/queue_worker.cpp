#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>

#include "core/doctor/queue_patience.h"
#include "core/doctor/queued.h"
#include "core/names/names.h"
#include "core/report/json_writer.h"
#include "core/report/validation.h"

namespace maildoctor::doctor {
namespace {

using std::chrono::milliseconds;

// Two of them, so that one domain that takes all its time does not keep the others waiting.
constexpr std::size_t lane_count = 2;
constexpr milliseconds longest_wait{1000};  // for new domains; how long stopping may take
constexpr milliseconds shortest_claim{60000};

std::string refusal_json(const queue::Job& job, const std::string& why) {
    report::JsonWriter json;
    json.begin_object().member("domain", job.domain).member("error", why).end_object();
    return json.take();
}

/// Results between the threads of a bulk run and the lane that hands them in.
class Outbox {
public:
    void put(std::string domain, std::string json) {
        const std::lock_guard lock(mutex_);
        ready_.emplace_back(std::move(domain), std::move(json));
        changed_.notify_one();
    }
    void close() {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        changed_.notify_one();
    }
    /// Waits for the next. @return nothing when there will be no more
    std::optional<std::pair<std::string, std::string>> take() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return closed_ || !ready_.empty(); });
        if (ready_.empty()) return std::nullopt;
        auto first = std::move(ready_.front());
        ready_.pop_front();
        return first;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::pair<std::string, std::string>> ready_;
    bool closed_{false};
};

struct WorkerSetup {
    queue::QueueAddress address;
    std::shared_ptr<const Secret> password;
    WorkerOptions worker;
    Options options;
    ValidationOptions validation;
    BulkOptions bulk;
    std::shared_ptr<Commons> commons;
    std::shared_ptr<SharedTell> tell;
};

/// Takes a portion of domains, validates it, hands the results in, and again.
class Lane {
public:
    Lane(const WorkerSetup& setup, std::size_t number, std::atomic<std::size_t>& done)
        : setup_(setup),
          name_(setup.worker.name + "-" + std::to_string(number + 1)),
          queue_(queue::make_queue(setup.address, setup.password)),
          done_(done) {
        claim_ = setup.worker.claim;
    }

    /// @return why it could not go on; empty when it was stopped, or when nothing is left
    std::string run(const std::stop_token& stop) {
        Patience patience(setup_.tell, stop);
        while (!stop.stop_requested()) {
            const auto jobs = patience.until_done(
                [&] { return queue_->take(name_, setup_.bulk.concurrency, claim_, longest_wait); });
            if (!jobs) return patience.fault();
            if (jobs->empty()) {
                if (!setup_.worker.until_empty) continue;
                const auto left = patience.until_done([&] { return queue_->waiting(); });
                if (!left || *left == 0) return patience.fault();
                continue;  // others hold some: they may die
            }
            work(*jobs, patience, stop);
            if (!patience.fault().empty()) return patience.fault();
        }
        return {};
    }

private:
    void work(const std::vector<queue::Job>& jobs, Patience& patience, const std::stop_token& stop) {
        std::unordered_map<std::string, std::vector<const queue::Job*>> asked;
        std::vector<HostName> domains;
        for (const queue::Job& job : jobs) {
            auto domain = names::to_host_name(job.domain);
            if (!domain || domain->is_literal()) {
                hand_in(job, refusal_json(job, domain ? "an address is no domain" : domain.error().text),
                        patience);
                continue;
            }
            auto& sharing = asked[domain->text()];
            if (sharing.empty()) domains.push_back(*domain);
            sharing.push_back(&job);
        }
        if (domains.empty()) return;
        Outbox outbox;
        std::size_t next = 0;
        auto run = start_bulk(
            [&]() -> std::optional<BulkJob> {
                if (next == domains.size()) return std::nullopt;
                return BulkJob{.account = {.local = "postmaster", .domain = domains[next++]}};
            },
            [&](const Validation& validation) {
                if (validation.report.request.domain)
                    outbox.put(validation.report.request.domain->text(),
                               report::validation_json(validation, false));
            },
            setup_.options, setup_.validation, setup_.bulk, setup_.commons);
        if (!run) throw std::logic_error(run.error().line);  // make_commons tried these options
        std::exception_ptr failure;
        {
            const std::stop_callback cancel(stop, [&] { (*run)->cancel(); });
            const std::jthread waiter([&] {
                try {
                    (*run)->wait();
                } catch (...) {
                    failure = std::current_exception();
                }
                outbox.close();
            });
            while (const auto result = outbox.take()) {
                for (const queue::Job* job : asked[result->first])
                    hand_in(*job, result->second, patience);
            }
        }
        if (failure) std::rethrow_exception(failure);
    }

    void hand_in(const queue::Job& job, const std::string& json, Patience& patience) {
        if (const auto first = patience.until_done([&] { return queue_->finish(job, name_, json); });
            first && *first)
            ++done_;
    }

    const WorkerSetup& setup_;
    std::string name_;
    std::unique_ptr<queue::Queue> queue_;
    std::atomic<std::size_t>& done_;
    milliseconds claim_{};
};

class Worker final : public QueueRun {
public:
    explicit Worker(WorkerSetup setup) : setup_(std::move(setup)) {
        for (std::size_t i = 0; i < lane_count; ++i)
            threads_.emplace_back([this, i] { run(i); });
    }
    ~Worker() override { stop_.request_stop(); }

    void cancel() noexcept override { stop_.request_stop(); }
    std::string wait() override {
        for (std::jthread& thread : threads_)
            thread.join();
        if (failure_) std::rethrow_exception(failure_);
        return fault_;
    }
    std::size_t done() const noexcept override { return done_; }

private:
    void run(std::size_t number) {
        std::string fault;
        std::exception_ptr failure;
        try {
            fault = Lane(setup_, number, done_).run(stop_.get_token());
        } catch (...) {
            failure = std::current_exception();
        }
        const std::lock_guard lock(mutex_);
        if (fault_.empty()) fault_ = fault;
        if (!failure_) failure_ = failure;
        if (!fault.empty() || failure) stop_.request_stop();  // one lane alone makes no worker
    }

    WorkerSetup setup_;
    std::stop_source stop_;
    std::atomic<std::size_t> done_{0};
    std::mutex mutex_;
    std::string fault_{};
    std::exception_ptr failure_{};
    std::vector<std::jthread> threads_{};  // last: joined before the rest goes away
};

}  // namespace

std::expected<std::shared_ptr<QueueRun>, BadOption> start_worker(QueuePlace place, WorkerOptions worker,
                                                                 Options options,
                                                                 ValidationOptions validation,
                                                                 BulkOptions bulk, TellLine tell) {
    auto address = queue::parse_queue_address(place.address);
    if (!address) return std::unexpected(BadOption{.line = "--queue: " + address.error()});
    const auto limit = 2 * std::chrono::duration_cast<milliseconds>(options.timeout);
    if (worker.claim.count() == 0) worker.claim = std::max(shortest_claim, limit + milliseconds(5000));
    if (worker.claim < limit)
        return std::unexpected(BadOption{.line = "--claim-after: less than twice the time that a domain may "
                                                 "take would take work away from the living"});
    // A worker runs for days: what was seen of a server holds for as long as the verdict on its certificates.
    auto commons = make_commons(options, validation, bulk, std::chrono::minutes{10});
    if (!commons) return std::unexpected(std::move(commons).error());
    bulk.concurrency = std::max<std::size_t>(1, bulk.concurrency / lane_count);
    return std::make_shared<Worker>(WorkerSetup{.address = std::move(*address),
                                                .password = std::move(place.password),
                                                .worker = std::move(worker),
                                                .options = std::move(options),
                                                .validation = std::move(validation),
                                                .bulk = bulk,
                                                .commons = std::move(*commons),
                                                .tell = std::make_shared<SharedTell>(std::move(tell))});
}

}  // namespace maildoctor::doctor
