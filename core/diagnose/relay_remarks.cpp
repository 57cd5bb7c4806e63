#include "core/diagnose/relay_remarks.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "core/diagnose/evidence.h"

namespace maildoctor::diagnose {
namespace {

constexpr int for_strangers = 25, refused_for_good = 500, login_wanted = 530;

bool on_port_25(const Observation& seen) {
    return seen.subject.port && seen.subject.port->number() == for_strangers;
}

std::string counted(const RelayFacts& relay, bool german) {
    const auto refused = std::ranges::count_if(relay.trials, [](const RelayTrial& t) {
        return t.mail_code >= refused_for_good || t.recipient_code >= refused_for_good;
    });
    const auto asked =
        std::ranges::count_if(relay.trials, [](const RelayTrial& t) { return t.mail_code != 0; });
    return german ? fmt::format("{} von {} Arten zu fragen wurden abgelehnt", refused, asked)
                  : fmt::format("{} of {} ways of asking were refused", refused, asked);
}

}  // namespace

bool refused_for_recipient(const RelayFacts& relay) {
    return std::ranges::any_of(relay.trials, [](const RelayTrial& t) {
        constexpr std::string_view marks[] = {"5.1.1", "5.1.2", "5.1.10", "5.4.4", "ull MX", "erif"};
        return t.pattern == "foreign" && t.recipient_code >= refused_for_good &&
               std::ranges::any_of(marks, [&](std::string_view mark) { return t.reply.contains(mark); });
    });
}

std::string relay_refused_remark(const Observation& seen, bool german) {
    const RelayFacts& relay = *seen.relay;
    const std::string where = place(seen.subject, german);
    std::string text =
        german ? where + " leitet Mail von Fremden nicht weiter, wie es sein soll: " +
                     (relay.full ? counted(relay, german) : "Ein Empfänger anderswo wurde abgelehnt")
               : where + " does not pass on mail of strangers: " +
                     (relay.full ? counted(relay, german) : "it refused a recipient elsewhere") +
                     ", as it should be";
    if (!relay.stopped.empty())
        text += german ? "; nicht alle Arten wurden gefragt (" + relay.stopped + ")"
                       : "; not all ways were asked, because " + relay.stopped;
    text += ".";
    if (!refused_for_recipient(relay)) return text;
    return text +
           (german
                ? " Die Ablehnung gilt dem Empfänger selbst: Ein Server, der prüft, ob es einen Empfänger "
                  "gibt, lehnt einen reservierten Namen in jedem Fall ab. Mehr zeigt --relay-recipient mit "
                  "einer eigenen Adresse anderswo."
                : " The refusal speaks of the recipient itself: a server that checks whether a recipient "
                  "exists refuses a reserved name in any case. --relay-recipient with an address of your "
                  "own elsewhere tells more.");
}

std::string relay_login_remark(const Observation& seen, bool german) {
    const std::string where = place(seen.subject, german);
    if (!on_port_25(seen))
        return where + (german ? " verlangt eine Anmeldung, bevor er Mail annimmt, wie es auf diesem Port "
                                 "sein soll."
                               : " asks for a login before it takes mail, as it should be on this port.");
    std::string text =
        where + (german ? " verlangt eine Anmeldung. Wenn er Ihr Postausgangsserver ist, schalten Sie im "
                          "Mailprogramm „Server erfordert Authentifizierung“ ein."
                        : " asks for a login. If it is your outgoing server, turn on \"My server requires "
                          "authentication\" in the mail program.");
    const auto& baseline = seen.relay->baseline;
    if (baseline && (baseline->mail_code == login_wanted || baseline->recipient_code == login_wanted))
        text += german
                    ? " Er verlangt sie bei jedem Empfänger: So kann von anderen Domains keine Post ankommen."
                    : " It asks for one whatever the recipient: mail from other domains cannot come in this "
                      "way.";
    return text;
}

std::string relay_no_proof_remark(const Observation& seen, bool german) {
    constexpr int refused = 400;
    const std::string where = place(seen.subject, german);
    if (const int code = seen.relay->data_code; code >= refused)
        return german
                   ? fmt::format(
                         "{} nimmt Empfänger anderswo an und lehnt die Nachricht bei DATA ab ({}): Das ist "
                         "kein offenes Relay.",
                         where, code)
                   : fmt::format(
                         "{} accepts recipients elsewhere and refuses the message at DATA ({}): it is not "
                         "an open relay.",
                         where, code);
    return where +
           (german
                ? " nimmt Empfänger anderswo an, aber auch einen, den es nicht geben kann: Er nimmt hier "
                  "alles an und entscheidet später. Ob er weiterleitet, zeigt das nicht."
                : " accepts recipients elsewhere, but also one that cannot exist: it accepts anything here "
                  "and decides later. That proves nothing about passing on mail.");
}

std::string relay_second_network_remark(const Observation& seen, const std::string& because, bool german) {
    const std::string where = place(seen.subject, german);
    if (german)
        return "Ob " + where +
               " für alle weiterleitet, ist erst sicher, wenn ein anderes Netzwerk dasselbe sieht" +
               (because.empty()
                    ? ": Führen Sie den Relay-Test von einem zweiten Ort aus, und geben Sie dessen "
                      "Bericht mit --compare an."
                    : "; der andere Bericht klärt es nicht (" + because + ").");
    return "Whether " + where + " relays for everybody is certain only when another network sees the same" +
           (because.empty() ? ": run the relay test from a second place, and give its report with --compare."
                            : "; the other report does not settle it: " + because + ".");
}

std::string relay_trusted_remark(const Observation& seen, const std::string& evidence, bool german) {
    const std::string where = place(seen.subject, german);
    return german
               ? "Aus einem anderen Netzwerk hat " + where +
                     " weitergeleitet: Er vertraut jenem Netzwerk, oder er wurde seitdem in Ordnung "
                     "gebracht (" +
                     evidence + ")."
               : "From another network " + where +
                     " passed on mail: it trusts that network, or it was repaired since (" + evidence + ").";
}

}  // namespace maildoctor::diagnose
