// Mail servers of a run: each is visited once, however many domains name it, and never by too many at a time.
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/async/event.h"
#include "core/async/task.h"
#include "core/doctor/politeness.h"
#include "core/model/observation.h"
#include "core/model/tls_survey.h"
#include "core/probe/context.h"

namespace maildoctor::doctor {

struct VisitOptions {
    int connections{1};        ///< dialogs with the name, one after the other
    bool local_allowed{true};  ///< loopback and link-local addresses may be asked
    /// Each machine that encrypts is asked whether it still takes these, with a connection each.
    std::vector<TlsVersion> versions{};
};

/// What was seen of one server: its addresses, the dialog, the dialog in the other mode where the first
/// broke, one with each further address, and which of VisitOptions::versions its machines take.
using ServerRecord = std::shared_ptr<const std::vector<Observation>>;

/// Belongs to one loop.
class ServerBook {
public:
    /// @param capacity records that are kept; the oldest go first
    ServerBook(VisitOptions options, std::shared_ptr<Politeness> politeness, std::size_t capacity)
        : options_(std::move(options)), politeness_(std::move(politeness)), capacity_(capacity) {}

    /// Visits the server, or waits for the visit that is under way, or gives what is known. What ended for
    /// lack of time is not kept.
    static Task<ServerRecord> record(std::shared_ptr<ServerBook> book, probe::ContextPtr context,
                                     ServerSetting setting);

    /// Visits that were made so far; less than the questions when servers are shared.
    std::size_t visits() const noexcept { return visits_; }

private:
    struct Entry {
        std::shared_ptr<async::Event> done;
        ServerRecord record{};
        std::list<std::string>::iterator age{};
    };

    void keep(const std::string& key, const ServerRecord& record);

    VisitOptions options_;
    std::shared_ptr<Politeness> politeness_;
    std::size_t capacity_;
    std::size_t visits_{0};
    std::unordered_map<std::string, Entry> entries_{};
    std::list<std::string> by_age_{};  // finished ones, the oldest first
};

}  // namespace maildoctor::doctor
