// What a published server offers beside the connection itself: login methods, and only under encryption.
#pragma once

#include <vector>

#include "core/diagnose/draft.h"
#include "core/model/settings.h"
#include "core/model/validation.h"

namespace maildoctor::diagnose {

/// Whether the published login methods are offered, and whether a login is possible before TLS.
/// @param dialog the one with this server, in the setting's mode
std::vector<Draft> judge_offers(const ServerSetting& setting, const Observation& dialog);

/// The dialogs with each server, grouped by what was answered: the most frequent answer of a server first.
std::vector<AnswerGroup> grouped_answers(const std::vector<Observation>& seen);

}  // namespace maildoctor::diagnose
