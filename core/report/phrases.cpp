#include "core/report/phrases.h"

#include <array>

namespace maildoctor::report {
namespace {

struct Pair {
    std::string_view english, german;
};

// In the order of Phrase.
constexpr std::array<Pair, static_cast<std::size_t>(Phrase::count)> phrases = {{
    {"A problem was found", "Es wurde ein Problem gefunden"},
    {"Everything that was asked for works", "Alles, wonach gefragt wurde, funktioniert"},
    {"It works, with something to look at", "Es funktioniert, mit Anmerkungen"},
    {"This could not be settled", "Das ließ sich nicht klären"},
    {"Problem", "Problem"},
    {"Warning", "Warnung"},
    {"Note", "Hinweis"},
    {"Why we think so", "Warum wir das annehmen"},
    {"How this happens", "Wie es dazu kommt"},
    {"What to do now", "Was jetzt zu tun ist"},
    {"The same as above.", "Dasselbe wie oben."},
    {"For the helpdesk", "Für den Helpdesk"},
    {"For the server's operator", "Für den Betreiber des Servers"},
    {"Who must act", "Wer handeln muss"},
    {"This follows from it", "Das folgt daraus"},
    {"Also found", "Außerdem gefunden"},
    {"certain", "sicher"},
    {"likely", "wahrscheinlich"},
    {"possible", "möglich"},
    {"you", "Sie selbst"},
    {"the person whose account it is", "die Person, der das Konto gehört"},
    {"whoever looks after the network here", "wer das Netzwerk hier betreut"},
    {"the mail provider's support", "der Support des Mail-Anbieters"},
    {"the operator of the server", "der Betreiber des Servers"},
    {"the recipient", "der Empfänger"},
    {"Settings that work", "Einstellungen, die funktionieren"},
    {"No working settings were found.", "Es wurden keine funktionierenden Einstellungen gefunden."},
    {"Receive", "Empfangen"},
    {"Send", "Senden"},
    {"Protocol", "Protokoll"},
    {"Server", "Server"},
    {"Port", "Port"},
    {"Encryption", "Sicherheit"},
    {"User name", "Benutzername"},
    {"none", "keine"},
    {"no encryption", "ohne Verschlüsselung"},
    {"What was checked", "Was geprüft wurde"},
    {"of", "von"},
    {"questions answered", "Fragen beantwortet"},
    {"answers", "antwortet"},
    {"certificate not trusted", "Zertifikat nicht vertrauenswürdig"},
    {"What could not be tested", "Was nicht geprüft werden konnte"},
    {"Who was told what", "Wem was mitgeteilt wurde"},
    {"Remarks", "Anmerkungen"},
    {"References", "Quellen"},
    {"Every question", "Alle Fragen im Einzelnen"},
    {"Seen from this computer and its network.", "Gesehen von diesem Computer und seinem Netzwerk aus."},
    {"Seen from this computer and its network, not from the other person's. What stands here holds for the "
     "servers; it says "
     "nothing about the other person's network, computer or clock.",
     "Gesehen von diesem Computer und seinem Netzwerk aus, nicht von dem der anderen Person. Was hier steht, "
     "gilt für die Server; "
     "über Netzwerk, Computer und Uhr der anderen Person sagt es nichts."},
    {"What only the other person's side can show", "Was nur die Seite der anderen Person zeigen kann"},
    {"whether their network or provider blocks a port", "ob ihr Netzwerk oder Anbieter einen Port sperrt"},
    {"whether antivirus software, a firewall, a VPN or a wrong clock on their computer gets in the way",
     "ob Virenschutz, Firewall, VPN oder eine falsche Uhr auf ihrem Computer stört"},
    {"Ask them to run the same check on their computer, or to send the exact error text of their mail "
     "program.",
     "Bitten Sie sie, dieselbe Prüfung auf ihrem Computer auszuführen oder den genauen Fehlertext ihres "
     "Mailprogramms zu schicken."},
    {"took", "Dauer"},
    {"measured with maildoctor", "gemessen mit maildoctor"},
    {"Steps for helpdesk and operator, and every question that was asked: --verbose.",
     "Schritte für Helpdesk und Betreiber und alle Fragen im Einzelnen: --verbose."},
    {"connection", "Verbindung"},
    {"certificate", "Zertifikat"},
    {"the server's words", "Worte des Servers"},
    {"dialog", "Dialog"},
    {"pasted text", "eingefügter Text"},
    {"No mail of strangers is passed on", "Mail von Fremden wird nicht weitergeleitet"},
    {"No open relay was shown", "Ein offenes Relay hat sich nicht gezeigt"},
    {"What was asked", "Was gefragt wurde"},
    {"Sender", "Absender"},
    {"Recipient", "Empfänger"},
    {"Answer", "Antwort"},
    {"Limits that the servers state", "Grenzen, die die Server nennen"},
    {"Limit", "Grenze"},
    {"Value", "Wert"},
    {"You want", "Sie brauchen"},
    {"size of a message", "Größe einer Nachricht"},
    {"recipients of a message", "Empfänger einer Nachricht"},
    {"messages of one connection", "Nachrichten einer Verbindung"},
    {"pause between two logins", "Pause zwischen zwei Anmeldungen"},
    {"messages are kept for", "Nachrichten bleiben"},
    {"size of a message to be stored", "Größe einer abzulegenden Nachricht"},
    {"connections at the same time", "gleichzeitige Verbindungen"},
    {"reached just now", "eben erreicht"},
    {"seconds", "Sekunden"},
    {"days", "Tage"},
    {"as found", "so gefunden"},
    {"fault", "Fehler"},
    {"as it should read", "so sollte es lauten"},
    {"E-mail of", "E-Mail von"},
    {"Hello,", "Guten Tag,"},
    {"e-mail does not work as it should. What was found:",
     "E-Mail funktioniert nicht wie vorgesehen. Was gefunden wurde:"},
    {"What was seen:", "Was zu sehen war:"},
    {"What would help:", "Was helfen würde:"},
    {"Thank you.", "Vielen Dank."},
}};
static_assert(!phrases.back().english.empty(), "one pair for each Phrase");

// In the order of FailureKind.
constexpr std::array<Pair, 13> failures = {{
    {"refused", "abgewiesen"},
    {"no answer", "keine Antwort"},
    {"not reachable", "nicht erreichbar"},
    {"connection reset", "Verbindung abgebrochen"},
    {"closed by the server", "vom Server geschlossen"},
    {"TLS refused", "TLS abgelehnt"},
    {"TLS failed", "TLS fehlgeschlagen"},
    {"not understood", "nicht verständlich"},
    {"turned down", "abgelehnt"},
    {"too long an answer", "zu lange Antwort"},
    {"stopped", "abgebrochen"},
    {"not possible here", "hier nicht möglich"},
    {"out of time", "Zeit abgelaufen"},
}};
static_assert(failures.size() == static_cast<std::size_t>(FailureKind::out_of_time) + 1);

std::string_view pick(const Pair& pair, Language language) noexcept {
    return language == Language::german ? pair.german : pair.english;
}

}  // namespace

Language language_from(std::string_view tag) noexcept {
    return tag == "de" || tag.starts_with("de-") || tag.starts_with("de_") ? Language::german
                                                                           : Language::english;
}

std::string_view tag_of(Language language) noexcept {
    return language == Language::german ? "de" : "en";
}

std::string_view phrase(Phrase which, Language language) noexcept {
    return pick(phrases[static_cast<std::size_t>(which)], language);
}

std::string_view failure_phrase(FailureKind kind, Language language) noexcept {
    return pick(failures[static_cast<std::size_t>(kind)], language);
}

std::string_view severity_phrase(Severity severity, Language language) noexcept {
    switch (severity) {
        case Severity::error:
            return phrase(Phrase::problem, language);
        case Severity::warning:
            return phrase(Phrase::warning, language);
        case Severity::info:
            break;
    }
    return phrase(Phrase::note, language);
}

std::string_view confidence_phrase(Confidence confidence, Language language) noexcept {
    switch (confidence) {
        case Confidence::certain:
            return phrase(Phrase::certain, language);
        case Confidence::likely:
            return phrase(Phrase::likely, language);
        case Confidence::possible:
            break;
    }
    return phrase(Phrase::possible, language);
}

std::string_view actor_phrase(Actor actor, bool for_someone_else, Language language) noexcept {
    switch (actor) {
        case Actor::user:
            return phrase(for_someone_else ? Phrase::actor_other_user : Phrase::actor_user, language);
        case Actor::network:
            return phrase(Phrase::actor_network, language);
        case Actor::provider:
            return phrase(Phrase::actor_provider, language);
        case Actor::operator_:
            return phrase(Phrase::actor_operator, language);
        case Actor::recipient:
            break;
    }
    return phrase(Phrase::actor_recipient, language);
}

std::string_view security_phrase(Security security, Language language) noexcept {
    switch (security) {
        case Security::none:
            return phrase(Phrase::enc_none, language);
        case Security::starttls:
            return "STARTTLS";
        case Security::tls:
            break;
    }
    return "SSL/TLS";
}

std::string_view evidence_phrase(std::string_view kind, Language language) noexcept {
    if (kind == "dns") return "DNS";
    if (kind == "tls") return "TLS";
    if (kind == "connect") return phrase(Phrase::evidence_connect, language);
    if (kind == "certificate") return phrase(Phrase::evidence_certificate, language);
    if (kind == "reply") return phrase(Phrase::evidence_reply, language);
    if (kind == "transcript") return phrase(Phrase::evidence_dialog, language);
    if (kind == "text") return phrase(Phrase::evidence_pasted, language);
    if (kind == "clock") return language == Language::german ? "Uhrzeit" : "Time";
    if (kind == "record") return phrase(Phrase::evidence_record, language);
    if (kind == "fault") return phrase(Phrase::evidence_fault, language);
    if (kind == "better") return phrase(Phrase::evidence_better, language);
    return kind;
}

std::string_view protocol_name(Protocol protocol) noexcept {
    switch (protocol) {
        case Protocol::smtp:
            return "SMTP";
        case Protocol::pop3:
            return "POP3";
        case Protocol::imap:
            break;
    }
    return "IMAP";
}

}  // namespace maildoctor::report
