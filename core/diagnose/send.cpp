#include "core/diagnose/send.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/diagnose/evidence.h"
#include "core/explain/explain.h"
#include "core/model/dialog.h"
#include "core/model/text.h"

namespace maildoctor::diagnose {
namespace {

constexpr const char* what = "whether a message gets through";

std::string seconds_words(std::chrono::milliseconds time) {
    constexpr double thousand = 1000;
    return fmt::format("{:.1f} s", static_cast<double>(time.count()) / thousand);
}

/// "out.example.org → mx.example.net (after 2 s)": each server that took the message over.
std::string path_words(const std::vector<Hop>& path) {
    std::string text;
    std::optional<std::int64_t> before;
    for (const Hop& hop : path) {
        if (!text.empty()) text += " → ";
        text += hop.by.empty() ? "an unnamed server" : hop.by;
        if (before && hop.time && *hop.time > *before)
            text += fmt::format(" (after {} s)", *hop.time - *before);
        if (hop.time) before = hop.time;
    }
    return text;
}

explain::Stage stage_of(const std::string& command) {
    if (command == "MAIL FROM") return explain::Stage::sender;
    return command == "RCPT TO" ? explain::Stage::recipient : explain::Stage::data;
}

Cause usual_cause(const std::string& command) {
    if (command == "MAIL FROM") return Cause::smtp_sender_rejected;
    return command == "RCPT TO" ? Cause::smtp_recipient_unknown : Cause::smtp_content_rejected;
}

Draft refused(const Observation& seen, const knowledge::Pack& pack) {
    const SendFacts& send = *seen.send;
    const auto found = explain::classify_reply(
        send.reply, {.protocol = Protocol::smtp, .stage = stage_of(send.command)}, pack);
    const bool known = !found.empty();
    Draft draft = draft_about(
        known ? found.front().cause : usual_cause(send.command), seen,
        known && !found.front().matched.empty() ? found.front().matched.front().rule : "test-message");
    draft.confidence = known ? found.front().confidence : Confidence::likely;
    // To oneself: then the full mailbox is the user's own.
    if (draft.cause == Cause::smtp_recipient_full && same_word(send.recipient, send.sender))
        draft.cause = Cause::mailbox_over_quota;
    draft.settings_work = true;
    draft.evidence.push_back(
        {.kind = "reply",
         .text = place(seen.subject) + " to " + send.command + " of the test message: " + send.reply});
    return draft;
}

}  // namespace

SendJudgement judge_send(const Case& seen, const knowledge::Pack& pack) {
    SendJudgement result;
    const auto open = [&result](std::string because) {
        result.not_tested.push_back({.what = what, .because = std::move(because)});
    };
    const auto found = std::ranges::find(seen.observations, send_probe, &Observation::probe);
    if (found == seen.observations.end()) {
        open("the login for sending did not work, so no test message was sent");
        return result;
    }
    if (!found->send) {
        open("the second login for sending did not work" +
             (found->failure ? ": " + found->failure->text : std::string{}));
        return result;
    }
    const SendFacts& send = *found->send;
    if (!send.accepted) {
        if (send.code >= 500) {
            result.drafts.push_back(refused(*found, pack));
        } else {
            open(send.code != 0 ? "the server took no message for the moment: " + send.reply
                                : "the connection broke while the message was handed over");
        }
        return result;
    }
    result.notes.push_back(fmt::format("A test message from {} to {} was accepted by {}: {}", send.sender,
                                       send.recipient, place(found->subject), send.reply));
    if (send.delay) {
        result.notes.push_back("It was in the mailbox after " + seconds_words(*send.delay) +
                               (send.path.empty() ? "." : ", by way of " + path_words(send.path) + "."));
    } else if (send.waited) {
        open("the test message was accepted; " + send.not_seen +
             ". Look into the mailbox and its junk folder later: queues and greylisting take minutes");
    } else {
        result.notes.push_back("Whether it arrives shows only in the mailbox of " + send.recipient + ".");
    }
    return result;
}

}  // namespace maildoctor::diagnose
