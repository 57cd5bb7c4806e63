// Remarks on logins and on the test message, in the reader's language.
#pragma once

#include <string>

#include "core/model/observation.h"

namespace maildoctor::diagnose {

/// How the login of an observation with login facts went, in one sentence.
std::string login_remark(const Observation& seen, bool german);
/// What came of the login, in English: for what could not be tested.
std::string outcome_words(LoginOutcome outcome);
/// "imap.example.org port 993 (IMAP) as kim with PLAIN"
std::string attempt_words(const Observation& seen, bool german);
/// The server takes recipients elsewhere after the login, as it should.
std::string foreign_recipient_remark(const Observation& seen, bool german);
/// The account may not send as somebody else, as it should be. There is such a trial.
std::string other_sender_remark(const Observation& seen, bool german);
/// The password went over a connection that did not protect it.
std::string unprotected_remark(const Observation& seen, bool german);
std::string login_count_remark(int tried, int refused, int budget, bool german);

/// The test message was taken, with the server's words. `seen` has send facts, here and below.
std::string message_taken_remark(const Observation& seen, bool german);
/// It arrived, after so long and by this way.
std::string message_arrived_remark(const SendFacts& send, bool german);
/// Only somebody else can see whether it arrives.
std::string message_elsewhere_remark(const SendFacts& send, bool german);

}  // namespace maildoctor::diagnose
