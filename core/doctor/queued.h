// The facade's part for domains that many machines work off through a queue.
#pragma once

#include <chrono>
#include <cstddef>
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/doctor/bulk.h"
#include "core/model/host_name.h"
#include "core/model/secret.h"

namespace maildoctor::doctor {

struct QueuePlace {
    std::string address{};                     ///< redis://HOST:PORT/STREAM
    std::shared_ptr<const Secret> password{};  ///< of the Redis server; may be null
};

/// One line for the person who watches: the queue cannot be reached, it answers again, a worker took over.
/// Called from the run's threads, one call at a time.
using TellLine = std::function<void(const std::string& line)>;

/// Work on a queue under way on threads of its own.
class QueueRun {
public:
    virtual ~QueueRun() = default;
    QueueRun(const QueueRun&) = delete;
    QueueRun& operator=(const QueueRun&) = delete;

    /// Asks it to stop. What was taken and has no result yet goes to other workers. Safe from any thread.
    virtual void cancel() noexcept = 0;
    /// Waits for the end. Call it once. Throws a fault of ours.
    /// @return one line why it could not go on; empty when it came to its end or was cancelled
    virtual std::string wait() = 0;
    /// Domains that got their result by now.
    virtual std::size_t done() const noexcept = 0;

protected:
    QueueRun() = default;
};

struct WorkerOptions {
    std::string name{};                  ///< of this worker, different from every other's
    std::chrono::milliseconds claim{0};  ///< after which another worker's domains are taken over; 0: as usual
    bool until_empty{false};             ///< ends when nothing waits, instead of waiting for more
};

/// Takes domains from the queue, validates them as start_bulk does, and puts the results back: one JSON
/// object each (docs/schema/validate.schema.json), or {"domain", "error"} for what is no domain. A queue that
/// cannot be reached is tried again until it answers; finished results are kept meanwhile.
/// @return the run, or one line that says which option cannot be used
std::expected<std::shared_ptr<QueueRun>, BadOption> start_worker(QueuePlace place, WorkerOptions worker,
                                                                 Options options,
                                                                 ValidationOptions validation,
                                                                 BulkOptions bulk, TellLine tell);

/// Takes the result of one domain as the JSON object that a worker wrote. What it throws ends the run and
/// comes out of QueueRun::wait().
using TakeQueued = std::function<void(const std::string& domain, const std::string& json)>;

/// Puts the domains on the queue and gives their results as workers finish them, each domain once.
/// @param domains each once
std::expected<std::shared_ptr<QueueRun>, BadOption> start_queued(QueuePlace place,
                                                                 std::vector<std::string> domains,
                                                                 TakeQueued take, TellLine tell);

}  // namespace maildoctor::doctor
