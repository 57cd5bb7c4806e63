#include "core/diagnose/login_remarks.h"

#include <fmt/format.h>

#include "core/diagnose/evidence.h"
#include "core/model/dialog.h"

namespace maildoctor::diagnose {
namespace {

std::string protocol_word(const Subject& subject) {
    switch (subject.protocol.value_or(Protocol::smtp)) {
        case Protocol::imap:
            return "IMAP";
        case Protocol::pop3:
            return "POP3";
        case Protocol::smtp:
            break;
    }
    return "SMTP";
}

std::string outcome_words_german(LoginOutcome outcome) {
    switch (outcome) {
        case LoginOutcome::accepted:
            return "angenommen";
        case LoginOutcome::refused:
            return "abgelehnt";
        case LoginOutcome::unavailable:
            return "im Augenblick nicht möglich";
        case LoginOutcome::no_mechanism:
            return "keine gemeinsame Anmeldemethode, nichts wurde gesendet";
        case LoginOutcome::not_protected:
            return "die Verbindung war nicht sicher, nichts wurde gesendet";
        case LoginOutcome::broken:
            break;
    }
    return "die Verbindung brach ab";
}

/// "out.example.org → mx.example.net (after 2 s)": each server that took the message over.
std::string path_words(const std::vector<Hop>& path, bool german) {
    std::string text;
    std::optional<std::int64_t> before;
    for (const Hop& hop : path) {
        if (!text.empty()) text += " → ";
        text += !hop.by.empty() ? hop.by : german ? "ein Server ohne Namen" : "an unnamed server";
        if (before && hop.time && *hop.time > *before)
            text += german ? fmt::format(" (nach {} s)", *hop.time - *before)
                           : fmt::format(" (after {} s)", *hop.time - *before);
        if (hop.time) before = hop.time;
    }
    return text;
}

}  // namespace

std::string outcome_words(LoginOutcome outcome) {
    switch (outcome) {
        case LoginOutcome::accepted:
            return "accepted";
        case LoginOutcome::refused:
            return "refused";
        case LoginOutcome::unavailable:
            return "not possible for the moment";
        case LoginOutcome::no_mechanism:
            return "no common login method, nothing was sent";
        case LoginOutcome::not_protected:
            return "the connection was not safe, nothing was sent";
        case LoginOutcome::broken:
            break;
    }
    return "the connection broke";
}

std::string attempt_words(const Observation& seen, bool german) {
    const LoginFacts& login = *seen.login;
    return fmt::format("{} ({}) {} {}{}{}", place(seen.subject, german), protocol_word(seen.subject),
                       german ? "als" : "as", login.user,
                       login.mechanism.empty() ? ""
                       : german                ? " mit "
                                               : " with ",
                       login.mechanism);
}

std::string login_remark(const Observation& seen, bool german) {
    const LoginFacts& login = *seen.login;
    std::string text =
        german ? "Anmeldung bei " + attempt_words(seen, german) + ": " + outcome_words_german(login.outcome)
               : "Login at " + attempt_words(seen, german) + ": " + outcome_words(login.outcome);
    if (login.messages)
        text += german ? fmt::format(", {} Nachrichten", *login.messages)
                       : fmt::format(", {} messages", *login.messages);
    return text + ".";
}

std::string foreign_recipient_remark(const Observation& seen, bool german) {
    return german ? "Nach der Anmeldung nimmt " + place(seen.subject, german) +
                        " Empfänger bei anderen Domains an, wie es sein soll."
                  : "After the login " + place(seen.subject, german) +
                        " takes recipients at other domains, as it should.";
}

std::string other_sender_remark(const Observation& seen, bool german) {
    const AddressTrial& other = *seen.login->other_sender;
    return german ? place(seen.subject, german) + " lässt das Konto nicht unter fremder Adresse senden (" +
                        other.address + "), wie es sein soll: " + other.reply
                  : place(seen.subject, german) + " does not let the account send as somebody else (" +
                        other.address + "), as it should be: " + other.reply;
}

std::string unprotected_remark(const Observation& seen, bool german) {
    const std::string where = place(seen.subject, german);
    if (german)
        return "Das Passwort ging an " + where +
               (encrypted(seen) ? ", dessen Zertifikat nicht beweist, wer er ist: Wer dort geantwortet hat, "
                                  "kann es jetzt haben."
                                : ", ohne Verschlüsselung: Jeder unterwegs konnte es mitlesen.") +
               " Ändern Sie es, wenn das nicht gewollt war.";
    return "The password went to " + where +
           (encrypted(seen)
                ? ", whose certificate does not prove who it is: whoever answered there may have it now."
                : " without encryption: everybody on the way could read it.") +
           " Change it if that was not meant.";
}

std::string login_count_remark(int tried, int refused, int budget, bool german) {
    return german ? fmt::format(
                        "Versuchte Anmeldungen: {}, abgelehnt: {}; höchstens {} dürfen in einer Prüfung "
                        "abgelehnt werden.",
                        tried, refused, budget)
                  : fmt::format("Logins tried: {}, refused: {}; at most {} may be refused in one check.",
                                tried, refused, budget);
}

std::string message_taken_remark(const Observation& seen, bool german) {
    const SendFacts& send = *seen.send;
    return german ? fmt::format("Eine Probenachricht von {} an {} hat {} angenommen: {}", send.sender,
                                send.recipient, place(seen.subject, german), send.reply)
                  : fmt::format("A test message from {} to {} was accepted by {}: {}", send.sender,
                                send.recipient, place(seen.subject, german), send.reply);
}

std::string message_arrived_remark(const SendFacts& send, bool german) {
    constexpr double thousand = 1000;
    const double seconds = static_cast<double>(send.delay->count()) / thousand;
    const std::string way = path_words(send.path, german);
    if (german)
        return fmt::format("Nach {:.1f} s lag sie im Postfach{}.", seconds,
                           way.empty() ? "" : ", über " + way);
    return fmt::format("It was in the mailbox after {:.1f} s{}.", seconds,
                       way.empty() ? "" : ", by way of " + way);
}

std::string message_elsewhere_remark(const SendFacts& send, bool german) {
    return german ? "Ob sie ankommt, zeigt sich erst im Postfach von " + send.recipient + "."
                  : "Whether it arrives shows only in the mailbox of " + send.recipient + ".";
}

}  // namespace maildoctor::diagnose
