// A provider's own policy about the domain's mail side. For isp_policy.cpp alone.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/isp_policy.h"
#include "core/model/policy.h"
#include "core/model/words.h"

namespace maildoctor::diagnose {

/// What one server, or the domain, says to one demand.
struct DemandReply {
    Answer met{Answer::yes};
    std::string because{};
};

/// Judges the demands about SPF, DKIM, DMARC, MTA-STS, DANE, TLS-RPT, BIMI and the exchangers. What could not
/// be looked up leaves a demand `unknown`.
DemandReply judge_mail_demand(const IspDemand& demand, const std::optional<PolicyFacts>& mail);

/// Whether a name is among those of a list: itself, or below one that is written "*.example.org".
bool fits_name(std::string_view host, const std::vector<std::string>& allowed);

}  // namespace maildoctor::diagnose
