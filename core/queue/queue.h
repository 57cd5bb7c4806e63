// Domains that many machines work off, on Redis streams.
//
// The domains stand on one stream with a consumer group, the results on a second one. A worker takes domains,
// and what a dead worker had taken comes to another after the claim time. Result and acknowledgement are one
// step in Redis, so that each domain gets exactly one result however often it was worked on.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/secret.h"
#include "core/queue/address.h"

namespace maildoctor::queue {

struct QueueFault {
    enum class Kind : std::uint8_t {
        unreachable,  ///< no connection, or it broke: trying again may help
        full,         ///< Redis has no memory or disk for more: trying again may help
        refused       ///< wrong password, no permission, not a stream, too old: trying again does not help
    };
    Kind kind{};
    std::string text{};  ///< one line, cleaned
};
template <class T>
using QueueResult = std::expected<T, QueueFault>;

/// One domain to work on.
struct Job {
    std::string id{};   ///< the stream's
    std::string run{};  ///< who asked
    std::string domain{};
};

/// One finished domain.
struct JobResult {
    std::string id{};  ///< on the stream of results
    std::string job{};
    std::string run{};
    std::string domain{};
    std::string text{};  ///< what the worker said
};

/// A connection to Redis. It blocks: give it a thread of its own. Not for use from two threads at once. A
/// connection that broke is made anew by the next call.
class Queue {
public:
    virtual ~Queue() = default;
    Queue(const Queue&) = delete;
    Queue& operator=(const Queue&) = delete;

    /// Puts domains on the stream, all or, when a fault comes between, those at the front.
    /// @param added grows by the ids of those that stand there for certain
    virtual QueueResult<void> add(std::string_view run, std::span<const std::string> domains,
                                  std::vector<std::string>& added) = 0;

    /// Takes up to `most` domains for `worker`: first those that another worker has held for longer than
    /// `claim`, then new ones. Waits up to `wait` for new ones; nothing there is an empty list.
    virtual QueueResult<std::vector<Job>> take(std::string_view worker, std::size_t most,
                                               std::chrono::milliseconds claim,
                                               std::chrono::milliseconds wait) = 0;

    /// Writes the result and acknowledges the domain in one step.
    /// @return false when the domain has its result already, by somebody who took it over
    virtual QueueResult<bool> finish(const Job& job, std::string_view worker, std::string_view result) = 0;

    /// Results behind `after` ("0" at first, then the id of the last one), of all runs, oldest first. Waits
    /// up to `wait` for some.
    virtual QueueResult<std::vector<JobResult>> results(std::string_view after, std::size_t most,
                                                        std::chrono::milliseconds wait) = 0;

    /// The id behind which results of domains that are added from now on will stand.
    virtual QueueResult<std::string> last_result() = 0;

    /// Domains that wait or are being worked on.
    virtual QueueResult<std::uint64_t> waiting() = 0;

protected:
    Queue() = default;
};

/// @param password of the Redis server; may be null
/// @return a queue that has not connected yet
std::unique_ptr<Queue> make_queue(QueueAddress address, std::shared_ptr<const Secret> password);

}  // namespace maildoctor::queue
