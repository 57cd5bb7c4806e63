#include <Poco/Exception.h>
#include <Poco/Net/NetException.h>
#include <Poco/Redis/Array.h>
#include <Poco/Redis/Client.h>
#include <Poco/Redis/Exception.h>
#include <Poco/Timespan.h>

#include <optional>
#include <utility>

#include "core/model/text.h"
#include "core/queue/queue.h"

namespace maildoctor::queue {
namespace {

using Poco::Redis::Array;
using Poco::Redis::BulkString;
using std::chrono::milliseconds;

constexpr const char* group = "maildoctor";
constexpr std::size_t max_words = 300;      // octets of a fault's text
constexpr milliseconds network_time{5000};  // for connecting and for answers without waiting
constexpr std::size_t max_added_at_once = 1000;

// Written only where the domain still waits for its result: whoever comes second changes nothing. The result
// is written before the acknowledgement, so that a Redis without memory refuses the whole step.
constexpr const char* finish_script =
    "local held = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[2], ARGV[2], 1) "
    "if #held == 0 then return 0 end "
    "redis.call('XADD', KEYS[2], '*', 'job', ARGV[2], 'run', ARGV[3], 'domain', ARGV[4], 'worker', ARGV[5], "
    "'result', ARGV[6]) "
    "if redis.call('XACK', KEYS[1], ARGV[1], ARGV[2]) ~= 1 then return redis.error_reply('not acknowledged') "
    "end "
    "redis.call('XDEL', KEYS[1], ARGV[2]) "
    "return 1";

Poco::Timespan span_of(milliseconds time) {
    return {static_cast<Poco::Timespan::TimeDiff>(time.count()) * 1000};
}

Array command(std::initializer_list<std::string_view> words) {
    Array out;
    for (const std::string_view word : words)
        out.add(std::string(word));
    return out;
}

std::string text_of(const Array& array, std::size_t at) {
    const auto value = array.get<BulkString>(at);
    return value.isNull() ? std::string() : value.value();
}

/// The value behind a name in a stream entry's list of names and values.
std::string field(const Array& fields, std::string_view name) {
    for (std::size_t i = 0; i + 1 < fields.size(); i += 2)
        if (text_of(fields, i) == name) return text_of(fields, i + 1);
    return {};
}

/// Calls `use(id, fields)` for each entry of a list of stream entries; deleted ones (nil) are left out.
template <class Use>
void each_entry(const Array& entries, Use use) {
    if (entries.isNull()) return;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const auto entry = entries.get<Array>(i);
        if (entry.isNull() || entry.size() < 2) continue;
        const auto fields = entry.get<Array>(1);
        if (!fields.isNull()) use(text_of(entry, 0), fields);
    }
}

class RedisQueue final : public Queue {
public:
    RedisQueue(QueueAddress address, std::shared_ptr<const Secret> password)
        : address_(std::move(address)), password_(std::move(password)) {}

    QueueResult<void> add(std::string_view run, std::span<const std::string> domains,
                          std::vector<std::string>& added) override {
        return guarded<void>([&]() -> QueueResult<void> {
            while (!domains.empty()) {
                const auto batch = domains.first(std::min(domains.size(), max_added_at_once));
                for (const std::string& domain : batch)
                    client_.execute<void>(
                        command({"XADD", address_.stream, "*", "run", run, "domain", domain}));
                client_.flush();
                std::optional<QueueFault> fault;
                for (std::size_t i = 0; i < batch.size(); ++i) {
                    BulkString id;
                    try {
                        client_.readReply<BulkString>(id);
                        if (!fault && !id.isNull()) added.push_back(id.value());
                    } catch (const Poco::Redis::RedisException& error) {
                        if (!fault) fault = refusal(error);
                    }
                }
                if (fault) return std::unexpected(*fault);
                domains = domains.subspan(batch.size());
            }
            return {};
        });
    }

    QueueResult<std::vector<Job>> take(std::string_view worker, std::size_t most, milliseconds claim,
                                       milliseconds wait) override {
        return guarded<std::vector<Job>>([&]() -> QueueResult<std::vector<Job>> {
            std::vector<Job> jobs;
            const auto keep = [&](std::string id, const Array& fields) {
                jobs.push_back(
                    {.id = std::move(id), .run = field(fields, "run"), .domain = field(fields, "domain")});
            };
            const std::string count = std::to_string(most);
            const auto claimed =
                client_.execute<Array>(command({"XAUTOCLAIM", address_.stream, group, worker,
                                                std::to_string(claim.count()), claim_from_, "COUNT", count}));
            if (claimed.size() >= 2) {
                claim_from_ = text_of(claimed, 0);
                each_entry(claimed.get<Array>(1), keep);
            }
            if (!jobs.empty()) return jobs;
            client_.setReceiveTimeout(span_of(network_time + wait));
            auto ask = command({"XREADGROUP", "GROUP", group, worker, "COUNT", count});
            if (wait.count() > 0) ask.add(std::string("BLOCK")).add(std::to_string(wait.count()));
            ask.add(std::string("STREAMS")).add(address_.stream).add(std::string(">"));
            const auto read = client_.execute<Array>(ask);
            client_.setReceiveTimeout(span_of(network_time));
            if (!read.isNull() && read.size() > 0) each_entry(read.get<Array>(0).get<Array>(1), keep);
            return jobs;
        });
    }

    QueueResult<bool> finish(const Job& job, std::string_view worker, std::string_view result) override {
        return guarded<bool>([&]() -> QueueResult<bool> {
            return client_.execute<Poco::Int64>(
                       command({"EVAL", finish_script, "2", address_.stream, address_.results(), group,
                                job.id, job.run, job.domain, worker, result})) == 1;
        });
    }

    QueueResult<std::vector<JobResult>> results(std::string_view after, std::size_t most,
                                                milliseconds wait) override {
        return guarded<std::vector<JobResult>>([&]() -> QueueResult<std::vector<JobResult>> {
            std::vector<JobResult> out;
            client_.setReceiveTimeout(span_of(network_time + wait));
            auto ask = command({"XREAD", "COUNT", std::to_string(most)});
            if (wait.count() > 0) ask.add(std::string("BLOCK")).add(std::to_string(wait.count()));
            ask.add(std::string("STREAMS")).add(address_.results()).add(std::string(after));
            const auto read = client_.execute<Array>(ask);
            client_.setReceiveTimeout(span_of(network_time));
            if (read.isNull() || read.size() == 0) return out;
            each_entry(read.get<Array>(0).get<Array>(1), [&](std::string id, const Array& fields) {
                out.push_back({.id = std::move(id),
                               .job = field(fields, "job"),
                               .run = field(fields, "run"),
                               .domain = field(fields, "domain"),
                               .text = field(fields, "result")});
            });
            return out;
        });
    }

    QueueResult<std::string> last_result() override {
        return guarded<std::string>([&]() -> QueueResult<std::string> {
            const auto last =
                client_.execute<Array>(command({"XREVRANGE", address_.results(), "+", "-", "COUNT", "1"}));
            std::string id = "0";
            each_entry(last, [&](std::string found, const Array&) { id = std::move(found); });
            return id;
        });
    }

    QueueResult<std::uint64_t> waiting() override {
        return guarded<std::uint64_t>([&]() -> QueueResult<std::uint64_t> {
            return static_cast<std::uint64_t>(
                client_.execute<Poco::Int64>(command({"XLEN", address_.stream})));
        });
    }

private:
    /// Runs `work` on a connection that stands; what goes wrong becomes a value.
    template <class T, class Work>
    QueueResult<T> guarded(Work work) {
        try {
            if (!ready_) connect();
            return work();
        } catch (const Poco::Redis::RedisException& error) {
            const QueueFault fault = refusal(error);
            close();
            return std::unexpected(fault);
        } catch (const Poco::Exception& error) {
            close();
            return std::unexpected(
                QueueFault{.kind = QueueFault::Kind::unreachable,
                           .text = cleaned(address_.text() + ": " + error.displayText(), max_words)});
        }
    }

    void connect() {
        close();
        client_.connect(address_.host, address_.port, span_of(network_time));
        client_.setReceiveTimeout(span_of(network_time));
        if (password_) {
            auto words = command({"AUTH", password_->reveal()});
            client_.execute<std::string>(words);
        }
        try {
            client_.execute<std::string>(
                command({"XGROUP", "CREATE", address_.stream, group, "0", "MKSTREAM"}));
        } catch (const Poco::Redis::RedisException& error) {
            if (error.message().find("BUSYGROUP") == std::string::npos) throw;  // it exists: so it should
        }
        ready_ = true;
    }

    void close() noexcept {
        ready_ = false;
        try {
            client_.disconnect();
        } catch (const Poco::Exception&) {  // NOLINT(bugprone-empty-catch): it is gone either way
        }
    }

    QueueFault refusal(const Poco::Redis::RedisException& error) const {
        const std::string& words = error.message();
        const auto says = [&](std::string_view part) { return words.find(part) != std::string::npos; };
        // A restarted Redis loads its data first, or has lost the group: connecting anew makes it again.
        const bool later = says("LOADING") || says("MASTERDOWN") || says("TRYAGAIN") || says("CLUSTERDOWN") ||
                           says("NOGROUP");
        // What Poco says when the connection ends where an answer should begin.
        if (says("Invalid Redis type") || says("Lost connection"))
            return {.kind = QueueFault::Kind::unreachable,
                    .text = address_.text() + ": the connection broke"};
        const bool full = says("OOM") || says("MISCONF") || says("no space");
        return {.kind = full    ? QueueFault::Kind::full
                        : later ? QueueFault::Kind::unreachable
                                : QueueFault::Kind::refused,
                .text = cleaned(address_.text() + ": " + words, max_words)};
    }

    QueueAddress address_;
    std::shared_ptr<const Secret> password_;
    Poco::Redis::Client client_;
    bool ready_{false};
    std::string claim_from_{"0-0"};  // XAUTOCLAIM goes through the held ones in portions
};

}  // namespace

std::unique_ptr<Queue> make_queue(QueueAddress address, std::shared_ptr<const Secret> password) {
    return std::make_unique<RedisQueue>(std::move(address), std::move(password));
}

}  // namespace maildoctor::queue
