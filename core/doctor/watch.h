// The facade's part for watching domains: validated again and again, the last results as pages.
#pragma once

#include <chrono>
#include <cstddef>
#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "core/doctor/bulk.h"
#include "core/doctor/queued.h"

namespace maildoctor::doctor {

struct WatchOptions {
    std::string listen{"127.0.0.1:9115"};  ///< ADDRESS:PORT
    std::chrono::seconds every{86400};     ///< from the start of a round to that of the next
};

/// Watching under way on threads of its own.
class WatchRun {
public:
    virtual ~WatchRun() = default;
    WatchRun(const WatchRun&) = delete;
    WatchRun& operator=(const WatchRun&) = delete;

    /// Where the pages are: "127.0.0.1:9115".
    virtual std::string address() const = 0;
    virtual void cancel() noexcept = 0;
    /// Waits for the end, which comes by cancel() only. Call it once. Throws a fault of ours.
    virtual void wait() = 0;

protected:
    WatchRun() = default;
};

/// Validates the domains in rounds, and serves /metrics (Prometheus' text format), /status (JSON) and
/// /healthz. The pages hold verdicts and causes by domain; no addresses of people, no transcripts.
/// @return the run, or one line that says which option cannot be used
std::expected<std::shared_ptr<WatchRun>, BadOption> start_watch(std::vector<EmailAddress> domains,
                                                                WatchOptions watch, Options options,
                                                                ValidationOptions validation,
                                                                BulkOptions bulk, TellLine tell);

}  // namespace maildoctor::doctor
