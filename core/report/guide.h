// How to set up an account in a mail program, with the account's own values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/knowledge/texts.h"
#include "core/model/report.h"

namespace maildoctor::report {

struct Guide {
    std::string program{};  ///< its name, for people
    std::vector<std::string> steps{}, notes{};
};

/// What a guide is filled in with. Empty members become plain words.
struct GuideValues {
    std::string email{};
    std::optional<ServerSetting> incoming{}, outgoing{};
};

/// Of the servers that are not given those of the address's provider are taken, where it is known.
/// @param program id, name or alias
/// @return nothing when there is no guide for the program
std::optional<Guide> guide_for(const knowledge::Pack& pack, std::string_view program,
                               const GuideValues& values, std::string_view language);

struct GuideName {
    std::string id{}, name{};
};
/// The programs that have a guide in this language (each has one in all), by name.
std::vector<GuideName> guide_names(const knowledge::Pack& pack, std::string_view language);

}  // namespace maildoctor::report
