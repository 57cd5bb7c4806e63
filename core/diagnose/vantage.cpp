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

std::vector<std::string> hosts_file_notes(const std::vector<Observation>& seen) {
    std::vector<std::string> notes;
    for (const Observation& one : seen) {
        if (one.dns && one.dns->from_hosts_file)
            notes.push_back("The address of " + one.dns->name +
                            " comes from this computer's hosts file, not from DNS.");
    }
    return notes;
}

}  // namespace maildoctor::diagnose
