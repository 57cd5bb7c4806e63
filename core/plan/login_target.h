// Where a login makes sense, and where a password may go.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/model/observation.h"
#include "core/model/report.h"

namespace maildoctor::plan {

/// A setting whose dialog is known to work, and the address that answered.
struct LoginTarget {
    ServerSetting setting;
    IpAddress address;
};

/// Why there is none, in words for the report.
struct NoTarget {
    std::string because{};
};

/// Where to log in for a role: the typed setting once its dialog works; else, when `idle` (nothing further
/// will be seen), the best working setting that was found at a server which is plainly the account's own:
/// below its domain, the known provider's, or named by an SRV record that DNSSEC secures (RFC 6186 section
/// 6).
/// @param insecure also where the certificate is bad or nothing is encrypted, because the user said so
/// @return nothing as long as it is open
std::optional<std::variant<LoginTarget, NoTarget>> login_target(Role role, const Request& request,
                                                                const std::vector<Observation>& seen,
                                                                bool insecure, bool idle);

/// The user names worth trying, best first: the given one, else the whole address; then the other form of the
/// same name (whole address or local part).
std::vector<std::string> user_forms(const std::string& given, const std::optional<EmailAddress>& email);

}  // namespace maildoctor::plan
