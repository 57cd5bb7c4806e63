// What was answered, and what is being asked: one place for all resolvers that share it. For the .cpp files
// of this room only; others hold it as a dns::SharedAnswers.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "core/async/deadline.h"
#include "core/async/shared_event.h"
#include "core/dns/exchange.h"

namespace maildoctor::dns {

/// A cache of answers in two generations: what was not wanted again for as long as it takes to fill one is
/// forgotten. Questions that are equal are asked once even while the first is open. Safe for use by several
/// loops.
class AnswerStore {
public:
    class Asking;
    /// What to do about a question: one of the three is set.
    struct Turn {
        std::optional<Reply> reply{};                     ///< known already
        std::shared_ptr<Asking> asking{};                 ///< nobody asks: the caller shall
        std::shared_ptr<async::SharedEvent> under_way{};  ///< somebody asks: wait, and look again
    };

    /// @param capacity answers that are kept at most, in both generations
    explicit AnswerStore(std::size_t capacity) : generation_(capacity / 2) {}

    static Turn turn(const std::shared_ptr<AnswerStore>& self, const std::string& key);

private:
    struct Entry {
        std::optional<Reply> reply{};
        Clock::time_point expires{};
        bool being_asked{false};
        std::shared_ptr<async::SharedEvent> news{};  // made by the first who waits
    };
    using EntryPtr = std::shared_ptr<Entry>;
    using Generation = std::unordered_map<std::string, EntryPtr>;

    EntryPtr entry(const std::string& key);

    std::size_t generation_;
    std::mutex guard_;
    Generation young_, old_;
};

/// The right and the duty to ask a question. Whoever lets it go without an answer (cancelled, out of time)
/// leaves it to one of those who wait.
class AnswerStore::Asking {
public:
    Asking(std::shared_ptr<AnswerStore> answers, EntryPtr entry)
        : answers_(std::move(answers)), entry_(std::move(entry)) {}
    Asking(const Asking&) = delete;
    Asking& operator=(const Asking&) = delete;
    ~Asking();

    /// @param life how long the reply holds
    void answered(const Reply& reply, Clock::duration life);

private:
    std::shared_ptr<AnswerStore> answers_;
    EntryPtr entry_;
};

}  // namespace maildoctor::dns
