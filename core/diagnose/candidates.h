// The settings that a run shows to be possible: where each was said, and which a program should take.
#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "core/diagnose/picture.h"
#include "core/model/discovery.h"

namespace maildoctor::diagnose {

/// The place of a setting's source in the order in which programs and people trust them: 0 for what was
/// typed, the last for what nobody knows.
int source_rank(const std::string& source);

/// Whether somebody published the setting, so that programs will take it.
bool is_published(const std::string& source);

/// Every dialog with a client port, as the setting that a program would need there.
std::vector<ServerSetting> candidates(const Picture& picture, Role role);

/// Servers that documents and records name and that nobody could talk to, because their name leads nowhere.
/// @param met the settings whose servers were met
std::vector<ServerSetting> published_without_dialog(const std::vector<SourceAnswer>& sources, Role role,
                                                    const std::vector<ServerSetting>& met);

/// What settings are sorted by, the best first: where it was said, encryption from the start, IMAP before
/// POP3, usual ports, names that say what they are.
using Preference = std::tuple<int, int, int, int, int, int, std::uint16_t, std::string>;
Preference preference(const ServerSetting& setting);

}  // namespace maildoctor::diagnose
