// The facade's part for validating many domains in one run.
#pragma once

#include <chrono>
#include <cstddef>
#include <expected>
#include <functional>
#include <memory>
#include <optional>

#include "core/doctor/validation.h"

namespace maildoctor::doctor {

struct BulkOptions {
    std::size_t concurrency{100};  ///< domains at once, over all threads
    std::size_t threads{1};        ///< event loops
    std::size_t per_server{8};     ///< connections to one address at once, of all threads together
    std::size_t per_second{20};    ///< new connections to one address, of all threads together
};

/// One domain of the list.
struct BulkJob {
    EmailAddress account;            ///< whose settings are asked for
    std::optional<HostName> host{};  ///< with Options::reference_probes: the server to ask
};

/// Gives the next domain, or nothing when there are no more. Called from the run's threads, one call at a
/// time.
using NextJob = std::function<std::optional<BulkJob>()>;
/// Takes a finished domain. Called from the run's threads, one call at a time; the run waits for it, so that
/// results never pile up. What it throws ends the run and comes out of BulkRun::wait().
using TakeResult = std::function<void(const Validation&)>;

/// A run over a list under way on threads of its own.
class BulkRun {
public:
    virtual ~BulkRun() = default;
    BulkRun(const BulkRun&) = delete;
    BulkRun& operator=(const BulkRun&) = delete;

    /// Asks the run to stop: domains under way are given up and give no result. Safe from any thread, more
    /// than once.
    virtual void cancel() noexcept = 0;
    /// Waits for the end. Call it once. Throws what the sink threw, or a fault of ours.
    virtual void wait() = 0;

protected:
    BulkRun() = default;
};

/// What the threads of a run share, and runs that follow each other may: DNS answers, verdicts on certificate
/// chains, what was seen of mail servers, and how much of us one address has to bear. Safe from any thread.
struct Commons;
/// @param record_life how long what was seen of a mail server holds
/// @return one line that says which option cannot be used
std::expected<std::shared_ptr<Commons>, BadOption> make_commons(
    const Options& options, const ValidationOptions& validation, const BulkOptions& bulk,
    std::chrono::seconds record_life = std::chrono::hours{24 * 365});

/// Validates domains side by side. Options::timeout holds for each domain; a domain begins when its loop has
/// time for it. Whatever domains have in common is asked once; memory does not grow with their number. The
/// third parties of a search are asked as for one domain.
/// @param commons made with the same options; null: the run's own
/// @return the run, or one line that says which option cannot be used
std::expected<std::shared_ptr<BulkRun>, BadOption> start_bulk(NextJob next, TakeResult take, Options options,
                                                              ValidationOptions validation, BulkOptions bulk,
                                                              std::shared_ptr<Commons> commons = nullptr);

}  // namespace maildoctor::doctor
