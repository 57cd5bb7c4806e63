#include "core/diagnose/relay.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "core/diagnose/evidence.h"
#include "core/diagnose/other_runs.h"
#include "core/diagnose/relay_remarks.h"
#include "core/model/dialog.h"

namespace maildoctor::diagnose {
namespace {

constexpr std::size_t most_shown = 6;
constexpr int send_message = 354;

std::string_view domain_of(std::string_view address) {
    const auto at = address.rfind('@');
    return at == std::string_view::npos ? std::string_view{} : address.substr(at + 1);
}

bool proof(const RelayTrial& trial) {
    return trial.accepted() && !trial.may_be_local;
}

/// Judges one server.
class Judge {
public:
    Judge(const Observation& seen, const Case& whole, RelayJudgement& result)
        : seen_(seen),
          result_(result),
          where_(place(seen.subject)),
          german_(whole.request.language == "de"),
          other_(compare_relay(seen, whole.others, whole.now)) {}

    void judge() {
        if (!seen_.relay || seen_.relay->grade == RelayGrade::not_tested) return leave_open();
        ++result_.settled;
        switch (seen_.relay->grade) {
            case RelayGrade::refused:
                note(relay_refused_remark(seen_, german_));
                return note_other_network();
            case RelayGrade::asks_for_login:
                note(relay_login_remark(seen_, german_));
                return note_other_network();
            case RelayGrade::proves_nothing:
                return note(relay_no_proof_remark(seen_, german_));
            case RelayGrade::accepts:
            case RelayGrade::accepts_data:
                return open_relay();
            case RelayGrade::not_tested:
                break;
        }
    }

private:
    const RelayFacts& relay() const { return *seen_.relay; }
    void note(std::string text) { result_.notes.push_back(std::move(text)); }

    /// The deciding words, where a server said something.
    std::string last_words() const {
        if (!relay().trials.empty() && !relay().trials.back().reply.empty())
            return relay().trials.back().reply;
        return relay().baseline ? relay().baseline->reply : std::string{};
    }

    void leave_open() {
        ++result_.open;
        std::string because = "no connection came about";
        if (seen_.relay) {
            because = !relay().stopped.empty() ? relay().stopped : "no recipient was answered";
            if (relay().stopped.contains("sender")) because += " (--relay-sender)";
            if (const std::string words = last_words(); !words.empty())
                because += "; the server's words: " + words;
        } else if (seen_.mail && !seen_.mail->refusal.empty()) {
            because = "the server said: " + seen_.mail->refusal;
        }
        if (seen_.failure && !seen_.failure->text.empty() && (!seen_.relay || relay().stopped.empty()))
            because += ": " + seen_.failure->text;
        result_.not_tested.push_back(
            {.what = "whether " + where_ + " passes on mail of strangers", .because = std::move(because)});
    }

    /// Only names of the server's own domain passed ("user%elsewhere@here"), and it takes every such name.
    bool may_be_catch_all() const {
        if (!relay().baseline || !relay().baseline->accepted()) return false;
        std::string_view foreign;
        for (const RelayTrial& trial : relay().trials) {
            if (trial.pattern == "foreign") foreign = domain_of(trial.recipient);
        }
        return std::ranges::none_of(relay().trials, [&](const RelayTrial& t) {
            return proof(t) && (domain_of(t.recipient) == foreign || t.pattern == "foreign-literal");
        });
    }

    Evidence trial_evidence(const RelayTrial& trial) const {
        return {.kind = "reply",
                .text = fmt::format("{} to MAIL FROM:<{}> and RCPT TO:<{}>: {}", where_, trial.sender,
                                    trial.recipient, trial.reply)};
    }

    void open_relay() {
        Draft draft = draft_about(Cause::smtp_open_relay, seen_, "relay-test");
        draft.subject.security.reset();
        draft.settings_work = true;
        draft.confidence = Confidence::likely;
        if (!relay().network.empty()) {
            draft.severity = Severity::info;
            draft.variant = "this-network";
            draft.evidence.push_back({.kind = "connect", .text = relay().network});
        } else if (may_be_catch_all()) {
            draft.severity = Severity::info;  // every healthy catch-all does the same
            draft.confidence = Confidence::possible;
            draft.variant = "catch-all";
        } else if (!relay().full) {
            draft.severity = Severity::warning;
            draft.confidence = Confidence::possible;
            draft.variant = "basic";
        }
        if (relay().full && relay().network.empty()) weigh_other_network(draft);
        add_evidence(draft);
        result_.drafts.push_back(std::move(draft));
    }

    /// What a report from another network does to the verdict.
    void weigh_other_network(Draft& draft) {
        if (!other_.evidence.empty()) draft.evidence.push_back({.kind = "report", .text = other_.evidence});
        if (other_.outcome == RelayComparison::Outcome::confirms) {
            draft.severity = Severity::error;
            draft.confidence = Confidence::certain;
            draft.variant = "two-networks";
        } else if (other_.outcome == RelayComparison::Outcome::refused) {
            draft.severity = Severity::info;
            draft.variant = "other-network-refused";
        } else {
            note(relay_second_network_remark(seen_, other_.because, german_));
        }
    }

    void note_other_network() {
        if (other_.outcome == RelayComparison::Outcome::trusted)
            note(relay_trusted_remark(seen_, other_.evidence, german_));
    }

    void add_evidence(Draft& draft) const {
        std::size_t accepted = 0;
        for (const RelayTrial& trial : relay().trials) {
            if (proof(trial) && ++accepted <= most_shown) draft.evidence.push_back(trial_evidence(trial));
        }
        if (accepted > most_shown)
            draft.evidence.push_back(
                {.kind = "reply", .text = fmt::format("and {} more ways", accepted - most_shown)});
        if (relay().data_code == send_message)
            draft.evidence.push_back(
                {.kind = "reply",
                 .text = where_ + " to DATA: 354; the connection was closed without sending a message"});
        if (relay().baseline) draft.evidence.push_back(trial_evidence(*relay().baseline));
    }

    const Observation& seen_;
    RelayJudgement& result_;
    std::string where_;
    bool german_;
    RelayComparison other_;
};

}  // namespace

bool wants_login_or_refuses(const RelayFacts& relay) {
    if (relay.trials.empty()) return false;
    return relay.grade == RelayGrade::asks_for_login ||
           (relay.grade == RelayGrade::refused && !refused_for_recipient(relay));
}

RelayJudgement judge_relay(const Case& seen) {
    RelayJudgement result;
    for (const Observation& o : seen.observations) {
        if (o.probe == relay_probe) Judge(o, seen, result).judge();
    }
    return result;
}

}  // namespace maildoctor::diagnose
