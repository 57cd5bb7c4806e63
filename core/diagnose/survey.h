// What a closer look at a server's TLS means.
#pragma once

#include <string>
#include <vector>

#include "core/diagnose/draft.h"
#include "core/model/observation.h"

namespace maildoctor::diagnose {

/// Warnings about old versions, weak suites and short keys that are offered beside good ones, and which old
/// mail programs can't get in any more.
/// @param program id of the user's mail program, or empty
std::vector<Draft> judge_survey(const Observation& seen, const std::string& program);

/// "Outlook 2010 on Windows 7 can't connect here: it offers TLS 1.0 at most, the server wants TLS 1.2"
std::string trial_words(const ClientTrial& trial, const TlsSurvey& survey);

/// Where a handshake failed and the survey shows that the server has nothing newer than TLS 1.1, the server
/// is too old, not the program: drafts about that are told so.
void blame_old_server(const Observation& seen, std::vector<Draft>& drafts);

}  // namespace maildoctor::diagnose
