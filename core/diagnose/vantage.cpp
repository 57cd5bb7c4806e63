#include "core/diagnose/vantage.h"

#include <algorithm>

namespace maildoctor::diagnose {

int leave_local_findings_open(std::vector<Draft>& drafts, std::vector<NotTested>& not_tested) {
    const auto local = [](const Draft& draft) {
        return draft.cause == Cause::client_clock_wrong || draft.rule == "certificate-issuer" ||
               draft.rule == "masked-banner";
    };
    for (const Draft& draft : drafts) {
        if (!local(draft)) continue;
        not_tested.push_back({.what = draft.subject.host.value_or("the certificates' dates"),
                              .because = draft.cause == Cause::client_clock_wrong
                                             ? "the clock of the computer that this test runs on is wrong"
                                             : "something in the network that this test runs in alters the "
                                               "connection; whether the customer's does shows only there"});
    }
    return static_cast<int>(std::erase_if(drafts, local));
}

std::vector<std::string> hosts_file_notes(const Case& seen) {
    const bool german = seen.request.language == "de";
    std::vector<std::string> notes;
    for (const Observation& one : seen.observations) {
        if (!one.dns || !one.dns->from_hosts_file) continue;
        notes.push_back(german ? "Die Adresse von " + one.dns->name +
                                     " kommt aus der hosts-Datei dieses Computers, nicht aus dem DNS."
                               : "The address of " + one.dns->name +
                                     " comes from this computer's hosts file, not from DNS.");
    }
    return notes;
}

std::string elsewhere_note(const Case& seen) {
    return seen.request.language == "de"
               ? "Gesehen von diesem Computer aus. Was Netzwerk, Computer und Uhr des Kunden mit der "
                 "Verbindung machen, zeigt sich nur dort."
               : "Seen from this computer. What the customer's own network, computer and clock do to the "
                 "connection shows only there.";
}

}  // namespace maildoctor::diagnose
