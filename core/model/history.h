// Runs that were kept, and what differs between two of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace maildoctor {

/// One run as it lies in a store.
struct RunRecord {
    std::int64_t id{};       ///< given by the store, from 1
    std::int64_t started{};  ///< seconds since 1970 UTC
    std::string command{};   ///< "check", "validate"
    std::string subject{};   ///< the address, domain or server that was asked about
    std::string domain{};    ///< the subject's domain or host
    std::string verdict{};   ///< "ok", "problem", "inconclusive"
    std::string primary{};   ///< cause to mend first; empty without one
    std::string version{};   ///< of the maildoctor that ran
    std::string document{};  ///< the JSON report; empty in lists
};

/// One thing that two reports say differently.
struct Difference {
    enum class Change : std::uint8_t { appeared, gone, changed };
    std::string
        section{};  ///< "verdict", "finding", "setting", "server", "certificate", "dns", "login", "asked"
    std::string what{};  ///< "imap.example.org:993 (imap, tls)"
    Change change{Change::changed};
    std::string before{};  ///< empty when it appeared
    std::string after{};   ///< empty when it is gone
};

/// Two reports side by side.
struct Comparison {
    RunRecord before{}, after{};  ///< without their documents
    std::vector<Difference>
        differences{};  ///< what decides first: verdict, findings, settings, then the rest
};

}  // namespace maildoctor
