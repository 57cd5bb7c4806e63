#include <array>
#include <atomic>
#include <exception>
#include <random>
#include <span>
#include <thread>
#include <unordered_set>
#include <utility>

#include "core/doctor/queue_patience.h"
#include "core/doctor/queued.h"

namespace maildoctor::doctor {
namespace {

constexpr std::size_t results_at_once = 500;
constexpr std::chrono::milliseconds longest_wait{1000};

/// Tells this run's results from others' on the same streams.
std::string run_name() {
    constexpr std::string_view digits = "0123456789abcdef";
    std::random_device random;
    std::string out;
    for (int i = 0; i < 4; ++i) {
        const unsigned bits = random();
        for (unsigned shift = 0; shift < 32; shift += 4)
            out += digits[(bits >> shift) & 0xFU];
    }
    return out;
}

class Asker final : public QueueRun {
public:
    Asker(const queue::QueueAddress& address, std::shared_ptr<const Secret> password,
          std::vector<std::string> domains, TakeQueued take, TellLine tell)
        : queue_(queue::make_queue(address, std::move(password))),
          domains_(std::move(domains)),
          take_(std::move(take)),
          tell_(std::make_shared<SharedTell>(std::move(tell))),
          thread_([this](const std::stop_token& stop) {
              try {
                  fault_ = run(stop);
              } catch (...) {
                  failure_ = std::current_exception();
              }
          }) {}

    void cancel() noexcept override { thread_.request_stop(); }
    std::string wait() override {
        thread_.join();
        if (failure_) std::rethrow_exception(failure_);
        return fault_;
    }
    std::size_t done() const noexcept override { return done_; }

private:
    std::string run(const std::stop_token& stop) {
        Patience patience(tell_, stop);
        auto after = patience.until_done([&] { return queue_->last_result(); });
        if (!after) return patience.fault();
        const std::string name = run_name();
        if (!put(name, patience)) return patience.fault();
        std::unordered_set<std::string> waiting(domains_.begin(), domains_.end());
        while (!waiting.empty() && !stop.stop_requested()) {
            const auto results =
                patience.until_done([&] { return queue_->results(*after, results_at_once, longest_wait); });
            if (!results) return patience.fault();
            for (const queue::JobResult& result : *results) {
                after = result.id;
                if (result.run != name || waiting.erase(result.domain) == 0) continue;
                take_(result.domain, result.text);
                ++done_;
            }
        }
        return {};
    }

    /// A connection that breaks leaves it open which domains arrived: those after the last one that was
    /// acknowledged are put again, and a domain that stands there twice still counts once.
    bool put(const std::string& name, Patience& patience) {
        std::size_t put_so_far = 0;
        return patience
            .until_done([&]() -> queue::QueueResult<bool> {
                std::vector<std::string> added;
                const auto all =
                    queue_->add(name, std::span<const std::string>(domains_).subspan(put_so_far), added);
                put_so_far += added.size();
                if (!all) return std::unexpected(all.error());
                return true;
            })
            .has_value();
    }

    std::unique_ptr<queue::Queue> queue_;
    std::vector<std::string> domains_;
    TakeQueued take_;
    std::shared_ptr<SharedTell> tell_;
    std::atomic<std::size_t> done_{0};
    std::string fault_{};
    std::exception_ptr failure_{};
    std::jthread thread_;  // last: joined before the rest goes away
};

}  // namespace

std::expected<std::shared_ptr<QueueRun>, BadOption> start_queued(QueuePlace place,
                                                                 std::vector<std::string> domains,
                                                                 TakeQueued take, TellLine tell) {
    auto address = queue::parse_queue_address(place.address);
    if (!address) return std::unexpected(BadOption{.line = "--queue: " + address.error()});
    return std::make_shared<Asker>(*address, std::move(place.password), std::move(domains), std::move(take),
                                   std::move(tell));
}

}  // namespace maildoctor::doctor
