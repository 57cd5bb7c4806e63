// Judging answers by their signatures, from the trust anchors down (RFC 4035 section 5). The look-ups of the
// chain go through the same cache as all others; for the sources of this room only.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/async/deadline.h"
#include "core/async/task.h"
#include "core/dns/ldns_ptr.h"
#include "core/dns/questions.h"
#include "core/dns/trust_anchors_set.h"
#include "core/model/facts.h"

namespace maildoctor::dns {

/// What an answer's signatures amount to.
struct Verdict {
    Dnssec state{Dnssec::indeterminate};
    std::string link{};  ///< when bogus the broken link, when indeterminate what is missing
};

class Validator : public std::enable_shared_from_this<Validator> {
public:
    Validator(std::shared_ptr<Questions> questions, TrustAnchorsPtr anchors,
              std::optional<std::int64_t> fixed_time)
        : questions_(std::move(questions)), anchors_(std::move(anchors)), fixed_time_(fixed_time) {}

    /// Judges an answer that was asked for with DNSSEC OK: every alias on the way and the records or their
    /// absence.
    Task<Verdict> judge(Question question, Reply reply, Deadline deadline);

    /// Asks for what judging a name will most likely need, so that it is there when the answer comes. Ends
    /// early when the running coroutine is cancelled.
    Task<void> prepare(std::string name, Deadline deadline);

private:
    /// What is known about the zone that a name belongs to.
    struct Trust {
        Verdict verdict{};
        std::string zone{};                            ///< when secure
        std::shared_ptr<const ldns_rr_list> keys{};    ///< when secure: those that sign the zone
        std::optional<platform::NameServer> server{};  ///< that handed out the keys' signatures
        bool lasting{true};                            ///< false: may be better at the next question
    };
    using TrustPtr = std::shared_ptr<const Trust>;
    using Self = std::shared_ptr<Validator>;
    using AnswerPtr = std::shared_ptr<const ParsedAnswer>;

    static Task<Verdict> judge_all(Self self, Question question, Reply reply, Deadline deadline);
    static Task<Verdict> judge_set(Self self, Reply reply, std::string owner, ldns_rr_type type,
                                   Deadline deadline);
    static Task<Verdict> judge_absence(Self self, Reply reply, std::string name, ldns_rr_type type,
                                       Deadline deadline);
    static Task<Verdict> judge_unsigned(Self self, Reply reply, std::string name, std::string what,
                                        Deadline deadline);
    static Task<void> prepare_all(Self self, std::string name, Deadline deadline);

    static Task<TrustPtr> trust(Self self, std::string name, Deadline deadline);
    static Task<TrustPtr> walk(Self self, std::string anchor_zone, std::string name, Deadline deadline);
    static Task<TrustPtr> anchor(Self self, std::string zone, Deadline deadline);
    static Task<TrustPtr> step(Self self, TrustPtr parent, std::string child, Deadline deadline);
    static Task<TrustPtr> keys_below(Self self, TrustPtr parent, std::string child, AnswerPtr ds,
                                     Deadline deadline);
    static Task<Reply> ask(Self self, std::string name, RecordType type, Deadline deadline);
    static Task<void> ask_ahead(Self self, std::string name, RecordType type, Deadline deadline);

    /// The chain's look-ups are made also for what the resolver itself holds for bogus.
    static constexpr QueryOptions chain_options{.dnssec_ok = true, .checking_disabled = true};
    const TrustAnchors& anchors();
    std::int64_t now() const;
    void remember(const std::string& name, const TrustPtr& trust);

    std::shared_ptr<Questions> questions_;
    TrustAnchorsPtr anchors_;
    std::optional<std::int64_t> fixed_time_;
    std::unordered_map<std::string, TrustPtr> known_;
};

}  // namespace maildoctor::dns
