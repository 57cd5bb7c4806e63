// A server as a mail program has it in its settings, and the settings of an account.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/model/host_name.h"
#include "core/model/words.h"

namespace maildoctor {

/// One server as typed by the user, published by a domain, or found to work.
struct ServerSetting {
    Protocol protocol{Protocol::imap};
    HostName host;
    Port port;
    Security security{Security::tls};
    std::optional<std::string> username{};       ///< with placeholders filled
    std::optional<std::string> username_form{};  ///< as published, e.g. "%EMAILADDRESS%"
    std::vector<std::string>
        auth{};                   ///< login methods, best first: "plain", "login", "cram-md5", "oauth2", …
    std::string source{};         ///< "typed", "srv", "guess", "provider", "autoconfig", …
    std::optional<bool> works{};  ///< proved by probing; nothing when not probed

    friend bool operator==(const ServerSetting&, const ServerSetting&) = default;
};

inline Role role_of(Protocol protocol) noexcept {
    return protocol == Protocol::smtp ? Role::outgoing : Role::incoming;
}

struct Settings {
    std::vector<ServerSetting> incoming{};
    std::vector<ServerSetting> outgoing{};
};

}  // namespace maildoctor
