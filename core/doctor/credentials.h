// What a check may log in with. Travels beside the Request and never gets into a Report.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/model/secret.h"

namespace maildoctor::doctor {

struct Credential {
    std::string user{};  ///< empty: found from the e-mail address
    std::shared_ptr<const Secret> password{};
    std::shared_ptr<const Secret> token{};  ///< an OAuth access token: tried before the password
};

inline constexpr int usual_login_budget = 2, most_login_budget = 5;

struct Credentials {
    std::optional<Credential> account{};    ///< for reading, and for sending where that has no own one
    std::optional<Credential> outgoing{};   ///< for sending
    std::vector<std::string> mechanisms{};  ///< this one alone, in upper case; empty: as mail programs do
    /// Logins that may be refused in the whole run, over all servers: providers lock accounts after a few.
    int budget{usual_login_budget};
    bool each_side{false};       ///< try sending also when reading refused the same name and password
    bool allow_insecure{false};  ///< send the password over connections that are not protected as well

    bool given() const noexcept { return account || outgoing; }
};

}  // namespace maildoctor::doctor
