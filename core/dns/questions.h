// Questions to the configured servers: whom to ask, when to ask again, and what is known already.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "core/async/deadline.h"
#include "core/async/task.h"
#include "core/dns/answer_store.h"
#include "core/dns/exchange.h"

namespace maildoctor::dns {

/// Limits for asking.
struct Patience {
    std::chrono::milliseconds try_limit{limits::dns_try};
    int tries{limits::dns_tries};
};

/// The configured servers behind a cache, which several of these may share. Belongs to one loop at a time;
/// shared by the coroutines that ask.
class Questions : public std::enable_shared_from_this<Questions> {
public:
    /// @param answers of the same servers
    Questions(std::vector<platform::NameServer> servers, Patience patience,
              std::shared_ptr<AnswerStore> answers)
        : servers_(std::move(servers)), patience_(patience), answers_(std::move(answers)) {}

    /// The answer from the cache, from a question that is under way, or from the servers: each at least once,
    /// in turn, until one gives an answer other than SERVFAIL, REFUSED and the like; the last of those where
    /// nobody does better.
    Task<Reply> ask(Question question, QueryOptions options, Deadline deadline);

    /// One question to one server, past the cache; the server need not be one of the configured.
    Task<Reply> ask_server(Question question, QueryOptions options, platform::NameServer server,
                           Deadline deadline);

    /// Whether any of the servers answers at all: asks each for the root's name servers. Cheap when one has
    /// just answered.
    /// @param since an answer that came after this moment is proof enough
    Task<bool> somebody_answers(Clock::time_point since, Deadline deadline);

    const std::vector<platform::NameServer>& servers() const noexcept { return servers_; }
    const Exchange& exchange() const noexcept { return exchange_; }

private:
    static Task<Reply> ask_cached(std::shared_ptr<Questions> self, Question question, QueryOptions options,
                                  Deadline deadline);
    static Task<Reply> ask_all(std::shared_ptr<Questions> self, Question question, QueryOptions options,
                               Deadline deadline);
    static Task<Reply> ask_one(std::shared_ptr<Questions> self, Question question, QueryOptions options,
                               platform::NameServer server, Deadline deadline);
    static Task<bool> control(std::shared_ptr<Questions> self, Clock::time_point since, Deadline deadline);
    static Task<void> control_one(std::shared_ptr<Questions> self, platform::NameServer server,
                                  Deadline deadline, std::shared_ptr<bool> alive);

    std::vector<platform::NameServer> servers_;
    Patience patience_;
    std::size_t preferred_{0};  // the server that answered last
    Clock::time_point last_answer_{};
    std::shared_ptr<AnswerStore> answers_;
    Exchange exchange_;
};

}  // namespace maildoctor::dns
