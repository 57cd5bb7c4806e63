// One thing to ask: a DNS question or a visit to a server's port.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "core/model/facts.h"
#include "core/model/host_name.h"
#include "core/model/words.h"

namespace maildoctor::plan {

/// A DNS question. With `addresses` both A and AAAA are asked, the hosts file is honoured and literals pass
/// through.
struct Lookup {
    std::string name;
    RecordType type{RecordType::a};
    bool addresses{false};
    std::string source{};  ///< why: "typed", "srv", "mx", "guess", "provider", "typo", "control", "domain"

    friend bool operator==(const Lookup&, const Lookup&) = default;
};

/// A connection to one port of a host, with a dialog up to the capabilities or only to see whether it opens.
struct Visit {
    HostName host;
    Port port;
    Protocol protocol{};
    Security start{Security::tls};  ///< tls: encrypted from the first octet; starttls: plain, then STARTTLS
                                    ///< where offered
    Role role{};
    bool connect_only{false};
    std::optional<IpAddress> only{};  ///< one address of the host instead of a race of all
    bool impatient{
        false};  ///< a greeting that takes long would not change the picture: wait a few seconds only
    std::string source{};
};

/// The TLSA records of a server (DANE).
struct DaneQuestion {
    HostName host;
    Port port;
    Role role{};
};

/// What the domain demands of those who deliver to it (MTA-STS).
struct MtaStsQuestion {
    HostName domain;
};

using Step = std::variant<Lookup, Visit, DaneQuestion, MtaStsQuestion>;

}  // namespace maildoctor::plan
