// What somebody wants to publish about a domain's mail servers, and what comes of it.
#pragma once

#include <string>
#include <vector>

#include "core/model/host_name.h"
#include "core/model/settings.h"

namespace maildoctor {

struct PublicationOffer {
    HostName domain;
    std::string display_name{};                   ///< shown to people; the domain where empty
    std::string username_form{"%EMAILADDRESS%"};  ///< what people log in with
    Settings servers{};                           ///< in order of preference
};

/// One thing to publish.
struct PublicationPart {
    std::string id{};       ///< "dns", "autoconfig", "autodiscover", "mobileconfig", "pacc"
    std::string title{};    ///< "Mozilla autoconfig (Thunderbird, K-9, …)"
    std::string where{};    ///< one or two sentences: where it goes, and with which content type
    std::string path{};     ///< relative, for --write
    std::string content{};  ///< the file, or the lines of a zone file
};

}  // namespace maildoctor
