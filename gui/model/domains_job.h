// Many domains validated in one run, as the window sees it.
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/doctor/bulk.h"
#include "gui/model/explainer.h"
#include "gui/model/words.h"

namespace maildoctor::gui {

struct DomainsNews {
    std::vector<std::size_t> started{};  ///< positions in the list
    std::vector<std::pair<std::size_t, Validation>> finished{};
    bool ended{false};    ///< nothing more comes
    std::string fault{};  ///< with `ended`, when maildoctor itself failed
};

/// Runs on the engine's own threads; every member returns at once, but the destructor stops the run and waits
/// for the few milliseconds that takes.
class DomainsJob {
public:
    /// @param domains each once
    /// @return the job, or one line that says which option cannot be used
    static std::expected<std::unique_ptr<DomainsJob>, std::string> start(std::vector<HostName> domains,
                                                                         const doctor::Options& options,
                                                                         Language language, Wake wake);
    DomainsJob(const DomainsJob&) = delete;
    DomainsJob& operator=(const DomainsJob&) = delete;
    ~DomainsJob();

    /// Domains under way are given up.
    void cancel() noexcept;
    /// What happened since the last call.
    DomainsNews take();

private:
    struct Shared;
    DomainsJob() = default;
    std::shared_ptr<Shared> shared_;
    std::shared_ptr<doctor::BulkRun> run_;
    std::jthread waiter_;
};

}  // namespace maildoctor::gui
