#include "core/diagnose/relay.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "core/diagnose/evidence.h"
#include "core/diagnose/other_runs.h"
#include "core/model/dialog.h"

namespace maildoctor::diagnose {
namespace {

constexpr std::size_t most_shown = 6;
constexpr int for_strangers = 25;
constexpr int send_message = 354;

std::string_view domain_of(std::string_view address) {
    const auto at = address.rfind('@');
    return at == std::string_view::npos ? std::string_view{} : address.substr(at + 1);
}

bool proof(const RelayTrial& trial) {
    return trial.accepted() && !trial.may_be_local;
}

/// The made-up recipient was refused for what it is, not because it is elsewhere.
bool refused_for_recipient(const RelayFacts& relay) {
    return std::ranges::any_of(relay.trials, [](const RelayTrial& t) {
        constexpr std::string_view marks[] = {"5.1.1", "5.1.2", "5.1.10", "5.4.4", "ull MX", "erif"};
        return t.pattern == "foreign" && t.recipient_code >= 500 &&
               std::ranges::any_of(marks, [&](std::string_view mark) { return t.reply.contains(mark); });
    });
}

/// Judges one server.
class Judge {
public:
    Judge(const Observation& seen, const Case& whole, RelayJudgement& result)
        : seen_(seen),
          result_(result),
          where_(place(seen.subject)),
          other_(compare_relay(seen, whole.others, whole.now)) {}

    void judge() {
        if (!seen_.relay || seen_.relay->grade == RelayGrade::not_tested) return leave_open();
        ++result_.settled;
        switch (seen_.relay->grade) {
            case RelayGrade::refused:
                note(refused_words());
                return note_other_network();
            case RelayGrade::asks_for_login:
                note(login_words());
                return note_other_network();
            case RelayGrade::proves_nothing:
                return note(no_proof_words());
            case RelayGrade::accepts:
            case RelayGrade::accepts_data:
                return open_relay();
            case RelayGrade::not_tested:
                break;
        }
    }

private:
    bool on_port_25() const { return seen_.subject.port && seen_.subject.port->number() == for_strangers; }
    const RelayFacts& relay() const { return *seen_.relay; }
    void note(std::string text) { result_.notes.push_back(std::move(text)); }

    std::size_t asked() const {
        return static_cast<std::size_t>(
            std::ranges::count_if(relay().trials, [](const RelayTrial& t) { return t.mail_code != 0; }));
    }

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

    std::string refused_words() const {
        std::string text = where_ + " does not pass on mail of strangers: ";
        text += relay().full ? fmt::format("{} of {} ways of asking were refused",
                                           std::ranges::count_if(relay().trials,
                                                                 [](const RelayTrial& t) {
                                                                     return t.mail_code >= 500 ||
                                                                            t.recipient_code >= 500;
                                                                 }),
                                           asked())
                             : "it refused a recipient elsewhere";
        text += ", as it should be";
        if (!relay().stopped.empty()) text += "; not all ways were asked, because " + relay().stopped;
        text += ".";
        if (refused_for_recipient(relay()))
            text +=
                " The refusal speaks of the recipient itself: a server that checks whether a recipient "
                "exists refuses a reserved name in any case. --relay-recipient with an address of your own "
                "elsewhere tells more.";
        return text;
    }

    std::string login_words() const {
        if (!on_port_25())
            return where_ + " asks for a login before it takes mail, as it should be on this port.";
        std::string text = where_ +
                           " asks for a login. If it is your outgoing server, turn on \"My server requires "
                           "authentication\" in the mail program.";
        if (relay().baseline &&
            (relay().baseline->mail_code == 530 || relay().baseline->recipient_code == 530))
            text +=
                " It asks for one whatever the recipient: mail from other domains cannot come in this way.";
        return text;
    }

    std::string no_proof_words() const {
        if (relay().data_code >= 400)
            return fmt::format(
                "{} accepts recipients elsewhere and refuses the message at DATA ({}): it is not an open "
                "relay.",
                where_, relay().data_code);
        return where_ +
               " accepts recipients elsewhere, but also one that cannot exist: it accepts anything here and "
               "decides later. That proves nothing about passing on mail.";
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
            note("Whether " + where_ +
                 " relays for everybody is certain only when another network sees the same" +
                 (other_.because.empty()
                      ? ": run the relay test from a second place, and give its report with --compare."
                      : "; the other report does not settle it: " + other_.because + "."));
        }
    }

    void note_other_network() {
        if (other_.outcome == RelayComparison::Outcome::trusted)
            note("From another network " + where_ +
                 " passed on mail: it trusts that network, or it was repaired since (" + other_.evidence +
                 ").");
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
