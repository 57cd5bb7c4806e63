// One question to one server at one moment, and what was seen. Observations never judge.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/model/access.h"
#include "core/model/boxed.h"
#include "core/model/facts.h"
#include "core/model/host_name.h"
#include "core/model/policy.h"
#include "core/model/settings.h"
#include "core/model/tls_survey.h"

namespace maildoctor {

/// What an observation or a finding is about. Empty members do not apply.
struct Subject {
    std::optional<std::string> host{};
    std::optional<IpAddress> address{};
    std::optional<Port> port{};
    std::optional<Protocol> protocol{};
    std::optional<Security> security{};
    std::optional<Role> role{};
    std::string
        source{};  ///< of a finding about published settings: who publishes them ("srv", "autoconfig", …)

    friend bool operator==(const Subject&, const Subject&) = default;
};

using ObservationId = std::size_t;  ///< index into Report::observations

struct Observation {
    ObservationId id{};
    std::string probe{};  ///< which question: "dns.lookup", "net.connect", "mail.dialog", …
    Subject subject{};
    std::string source{};  ///< why it was asked: "typed", "srv", "provider", "guess", "mx", "typo", "control"
    Answer answer{Answer::unknown};
    std::optional<Failure> failure{};     ///< why the answer is unknown or no
    std::chrono::milliseconds started{};  ///< after the start of the run
    std::chrono::milliseconds took{};     ///< wall time of the question, including waiting
    Boxed<DnsFacts> dns{};
    std::vector<ConnectAttempt> connects{};
    std::optional<IpAddress> local{};  ///< this computer's end of the connection
    Boxed<TlsFacts> tls{};
    Boxed<MailFacts> mail{};
    Boxed<LoginFacts> login{};
    Boxed<RelayFacts> relay{};
    Boxed<SendFacts> send{};
    Boxed<TlsSurvey> survey{};
    Boxed<ClockFacts> clock{};
    Boxed<DaneFacts> dane{};       ///< TLSA records of the subject
    Boxed<MtaStsFacts> mta_sts{};  ///< of the subject's domain
    std::vector<TranscriptLine> transcript{};
};

}  // namespace maildoctor
