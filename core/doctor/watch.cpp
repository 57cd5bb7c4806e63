#include "core/doctor/watch.h"

#include <fmt/format.h>

#include <condition_variable>
#include <exception>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include "core/doctor/commons.h"
#include "core/doctor/version.h"
#include "core/monitor/page_server.h"
#include "core/report/json_writer.h"
#include "core/report/validation.h"

namespace maildoctor::doctor {
namespace {

using std::chrono::system_clock;

constexpr const char* metrics_type = "text/plain; version=0.0.4; charset=utf-8";

std::int64_t seconds_of(system_clock::time_point time) {
    return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

struct DomainState {
    std::string domain;
    Verdict verdict{};
    std::string primary;  ///< cause; empty when there is none
};

/// What one round found.
struct Round {
    std::size_t number{};
    system_clock::time_point began{}, ended{};
    std::vector<DomainState> domains{};
    std::string metrics{};
};

std::string status_page(const Round* round, std::size_t watched, bool running) {
    report::JsonWriter json;
    json.begin_object()
        .member("maildoctor", version())
        .member("domains_watched", watched)
        .member("running", running);
    if (round == nullptr) return json.key("round").null().end_object().take() + "\n";
    json.key("round").begin_object();
    json.member("number", round->number)
        .member("started", seconds_of(round->began))
        .member("seconds", seconds_of(round->ended) - seconds_of(round->began));
    json.end_object().key("domains").begin_array();
    for (const DomainState& state : round->domains)
        json.begin_object()
            .member("domain", state.domain)
            .member("verdict", word(state.verdict))
            .member_if_set("primary", state.primary)
            .end_object();
    return json.end_array().end_object().take() + "\n";
}

std::string metrics_page(const Round* round, std::size_t watched) {
    std::string out = fmt::format(
        "# HELP maildoctor_domains_watched Domains on the list.\n# TYPE maildoctor_domains_watched gauge\n"
        "maildoctor_domains_watched {}\n",
        watched);
    if (round == nullptr) return out;
    out += fmt::format(
        "# HELP maildoctor_rounds_total Rounds that were finished.\n# TYPE maildoctor_rounds_total counter\n"
        "maildoctor_rounds_total {}\n"
        "# HELP maildoctor_round_duration_seconds How long the last round took.\n"
        "# TYPE maildoctor_round_duration_seconds gauge\nmaildoctor_round_duration_seconds {:.3f}\n"
        "# HELP maildoctor_last_round_timestamp_seconds When the last round ended.\n"
        "# TYPE maildoctor_last_round_timestamp_seconds gauge\nmaildoctor_last_round_timestamp_seconds {}\n",
        round->number, std::chrono::duration<double>(round->ended - round->began).count(),
        seconds_of(round->ended));
    return out + round->metrics;
}

class Watch final : public WatchRun {
public:
    Watch(std::vector<EmailAddress> domains, WatchOptions watch, Options options,
          ValidationOptions validation, BulkOptions bulk, std::shared_ptr<Commons> commons, TellLine tell)
        : domains_(std::move(domains)),
          watch_(std::move(watch)),
          options_(std::move(options)),
          validation_(std::move(validation)),
          bulk_(bulk),
          commons_(std::move(commons)),
          tell_(std::move(tell)) {}
    ~Watch() override { thread_.request_stop(); }

    /// @return one line where it cannot listen
    std::expected<void, std::string> start() {
        auto server =
            monitor::serve_pages(watch_.listen, [this](std::string_view path) { return page(path); });
        if (!server) return std::unexpected(server.error());
        server_ = std::move(*server);
        thread_ = std::jthread([this](const std::stop_token& stop) {
            try {
                run(stop);
            } catch (...) {
                failure_ = std::current_exception();
            }
        });
        return {};
    }

    std::string address() const override { return server_->address(); }
    void cancel() noexcept override { thread_.request_stop(); }
    void wait() override {
        thread_.join();
        if (failure_) std::rethrow_exception(failure_);
    }

private:
    std::optional<monitor::Page> page(std::string_view path) {
        std::shared_ptr<const Round> round;
        bool running = false;
        {
            const std::lock_guard lock(mutex_);
            round = last_;
            running = running_;
        }
        if (path == "/metrics")
            return monitor::Page{metrics_type, metrics_page(round.get(), domains_.size())};
        if (path == "/status" || path == "/")
            return monitor::Page{"application/json", status_page(round.get(), domains_.size(), running)};
        if (path == "/healthz") return monitor::Page{"text/plain; charset=utf-8", "ok\n"};
        return std::nullopt;
    }

    void run(const std::stop_token& stop) {
        for (std::size_t number = 1; !stop.stop_requested(); ++number) {
            const auto began = std::chrono::steady_clock::now();
            if (!round(number, stop)) return;
            std::unique_lock lock(mutex_);
            wake_.wait_until(lock, stop, began + watch_.every, [] { return false; });
        }
    }

    /// @return false when it was stopped in the middle: such a round says nothing
    bool round(std::size_t number, const std::stop_token& stop) {
        const auto found = std::make_shared<Round>();
        found->number = number;
        found->began = system_clock::now();
        set_running(true);
        const auto writer = report::validation_writer(report::ValidationFormat::prometheus, {.many = true});
        found->metrics = writer->begin();
        std::size_t next = 0;
        std::size_t broken = 0;
        auto bulk = start_bulk(
            [&]() -> std::optional<BulkJob> {
                return next == domains_.size() ? std::nullopt
                                               : std::optional(BulkJob{.account = domains_[next++]});
            },
            [&](const Validation& one) {
                found->metrics += writer->one(one);
                const Report& report = one.report;
                found->domains.push_back(
                    {.domain = report.request.domain ? report.request.domain->text() : "",
                     .verdict = report.verdict,
                     .primary = report.findings.empty() || report.verdict == Verdict::ok
                                    ? ""
                                    : std::string(cause_id(report.findings.front().cause))});
                if (report.verdict == Verdict::problem) ++broken;
            },
            options_, validation_, bulk_, with_new_book(*commons_, options_, validation_));
        if (!bulk) throw std::logic_error(bulk.error().line);  // make_commons tried these options
        {
            const std::stop_callback cancel(stop, [&] { (*bulk)->cancel(); });
            (*bulk)->wait();
        }
        set_running(false);
        if (stop.stop_requested()) return false;
        found->metrics += writer->end();
        found->ended = system_clock::now();
        const std::string line =
            fmt::format("round {}: {} domains, {} with problems, {} s", number, domains_.size(), broken,
                        seconds_of(found->ended) - seconds_of(found->began));
        {
            const std::lock_guard lock(mutex_);
            last_ = found;
        }
        if (tell_) tell_(line);
        return true;
    }

    void set_running(bool running) {
        const std::lock_guard lock(mutex_);
        running_ = running;
    }

    std::vector<EmailAddress> domains_;
    WatchOptions watch_;
    Options options_;
    ValidationOptions validation_;
    BulkOptions bulk_;
    std::shared_ptr<Commons> commons_;
    TellLine tell_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::shared_ptr<const Round> last_{};
    bool running_{false};
    std::exception_ptr failure_{};
    std::jthread thread_{};
    std::unique_ptr<monitor::PageServer> server_{};  // last: stops before what its pages read goes away
};

}  // namespace

std::expected<std::shared_ptr<WatchRun>, BadOption> start_watch(std::vector<EmailAddress> domains,
                                                                WatchOptions watch, Options options,
                                                                ValidationOptions validation,
                                                                BulkOptions bulk, TellLine tell) {
    auto commons = make_commons(options, validation, bulk);
    if (!commons) return std::unexpected(std::move(commons).error());
    const auto run =
        std::make_shared<Watch>(std::move(domains), std::move(watch), std::move(options),
                                std::move(validation), bulk, std::move(*commons), std::move(tell));
    if (auto started = run->start(); !started)
        return std::unexpected(BadOption{.line = "--listen: " + started.error()});
    return run;
}

}  // namespace maildoctor::doctor
