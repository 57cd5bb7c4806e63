// What other runs saw of the same servers: earlier ones, or one from another network. Read from their
// reports.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/model/access.h"
#include "core/model/words.h"

namespace maildoctor {

/// A server that offered STARTTLS (or STLS) when another run asked.
struct StarttlsSeen {
    std::string host{};
    int port{};
    Protocol protocol{};
    std::int64_t when{};  ///< start of that run; seconds since 1970 UTC
    std::string where{};  ///< which run, for people: "run 12", "phone.json"
};

/// A relay test that another run made.
struct RelaySeen {
    std::string host{};
    std::string address{};  ///< of the server
    int port{};
    RelayGrade grade{RelayGrade::not_tested};
    std::string network{};  ///< how that computer's network belongs to the server's operator; empty: not
    std::string client{};   ///< that computer's address, as far as the server sees it
    std::int64_t when{};    ///< start of that run; seconds since 1970 UTC
    std::string where{};
};

struct OtherRuns {
    std::vector<StarttlsSeen> starttls{};
    std::vector<RelaySeen> relays{};
};

}  // namespace maildoctor
