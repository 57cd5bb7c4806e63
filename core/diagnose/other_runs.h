// What this run shows beside what other runs saw of the same servers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/diagnose/diagnose.h"
#include "core/diagnose/draft.h"

namespace maildoctor::diagnose {

/// Servers that offered STARTTLS when another run asked, and do not now: net.intercepted, a warning and
/// `possible`, because the server may as well have been set up anew.
std::vector<Draft> judge_vanished_starttls(const Case& seen);

/// What another run's relay test adds to one of this run.
struct RelayComparison {
    enum class Outcome : std::uint8_t {
        nothing,   ///< there is no other test, or it shows nothing about this one
        confirms,  ///< another network would have got its message taken, too
        refused,   ///< another network is refused: the server trusts this one
        trusted,   ///< this network is refused and another is not
    } outcome{Outcome::nothing};
    std::string evidence{};  ///< what the other run saw, in one line; empty when there is none
    std::string
        because{};  ///< why a test that is there settles nothing; empty when it does, or none is there
};

/// Compares a relay test with those of other runs at the same server and port. Only a test from another
/// network counts, of the last seven days, by a computer that does not belong to the server's operator.
/// @param now seconds since 1970 UTC
RelayComparison compare_relay(const Observation& seen, const OtherRuns& others, std::int64_t now);

}  // namespace maildoctor::diagnose
