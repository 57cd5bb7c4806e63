// Mail servers of a run: each is visited once, however many domains name it, and never by too many at a time.
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/async/shared_event.h"
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

/// One place for all loops of a run. Safe from any thread.
class ServerBook {
public:
    /// @param capacity records that are kept; what nobody has asked for the longest goes first
    /// @param life how long a record holds
    ServerBook(VisitOptions options, std::shared_ptr<Politeness> politeness, std::size_t capacity,
               Clock::duration life = Clock::duration::max())
        : options_(std::move(options)),
          politeness_(std::move(politeness)),
          capacity_(capacity),
          life_(life) {}

    /// Visits the server, or waits for the visit that is under way, or gives what is known. What ended for
    /// lack of time is not kept.
    static Task<ServerRecord> record(std::shared_ptr<ServerBook> book, probe::ContextPtr context,
                                     ServerSetting setting);

    /// Visits that were made so far; less than the questions when servers are shared.
    std::size_t visits() const;

private:
    struct Entry {
        std::shared_ptr<async::SharedEvent> done{std::make_shared<async::SharedEvent>()};
        ServerRecord record{};  // null: the visit is under way
        Clock::time_point made{};
        std::list<std::string>::iterator age{};  // with a record
    };
    /// What to do about a server: take the record, wait for the visit, or (neither set) visit it.
    struct Turn {
        ServerRecord record{};
        std::shared_ptr<async::SharedEvent> under_way{};
    };

    Turn turn(const std::string& key);
    /// @param record null: the visit came to nothing that may be kept
    void end_visit(const std::string& key, const ServerRecord& record);

    VisitOptions options_;
    std::shared_ptr<Politeness> politeness_;
    std::size_t capacity_;
    Clock::duration life_;
    mutable std::mutex guard_;  // of what follows
    std::size_t visits_{0};
    std::unordered_map<std::string, Entry> entries_{};
    std::list<std::string> by_age_{};  // finished ones, the last wanted at the end
};

}  // namespace maildoctor::doctor
