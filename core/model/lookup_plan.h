// Where a program looks for the settings of an account, in its order, before anything is asked.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/model/host_name.h"
#include "core/model/words.h"

namespace maildoctor {

/// Whose order: maildoctor's own, or that of a mail program.
enum class LookupStyle : std::uint8_t { own, thunderbird, k9, deltachat };

struct LookupOptions {
    LookupStyle style{LookupStyle::own};
    std::optional<HostName> mx{};        ///< the best MX host of the domain, where it is known
    bool https_only{false};              ///< no address with http://
    bool include_address{true};          ///< the e-mail address may stand in an address that is asked
    bool third_parties{true};            ///< the central database and the MX host's domain are asked, too
    std::optional<Protocol> protocol{};  ///< the guesses for this protocol only
    std::optional<Security> security{};  ///< the guesses with this mode only
    std::optional<Port> port{};          ///< the guesses go to this port instead of the usual ones
};

struct PlannedUrl {
    std::string stage{};   ///< "provider", "autodiscover", "pacc", "ispdb", "mx"
    std::string method{};  ///< "GET" or "POST"
    std::string url{};
    bool third_party{false};
};

/// A port to try on a host.
struct PortTry {
    std::string host{};  ///< empty in a list that holds for each host
    Protocol protocol{};
    Security security{};
    Port port;
    friend bool operator==(const PortTry&, const PortTry&) = default;
};

struct LookupPlan {
    std::vector<std::string> dns{};  ///< SRV names
    std::vector<PlannedUrl> urls{};  ///< in order; a later one counts only when the earlier gave nothing
    std::vector<PortTry> tries{};    ///< what is tried on one host of unknown kind, in order
    std::vector<PortTry> guesses{};  ///< the same for all guessed hosts, in the order of preference
};

}  // namespace maildoctor
