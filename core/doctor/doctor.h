// The facade: start a check, follow its progress, cancel it from any thread, get the report by value.
#pragma once

#include <chrono>
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/doctor/credentials.h"
#include "core/model/other_runs.h"
#include "core/model/report.h"

namespace maildoctor::doctor {

/// How the work is done; what is asked stands in the Request.
struct Options {
    std::chrono::milliseconds timeout{45000};  ///< for the whole command
    std::vector<std::string> resolvers{};      ///< ADDR or ADDR:PORT; empty: those of this computer
    std::string ca_file{};                     ///< PEM; empty: the authorities of this computer
    std::string trust_anchor{};                ///< file with DS or DNSKEY records; empty: the root's keys
    std::string ehlo_name{};
    OtherRuns other_runs{};      ///< what earlier runs, or runs from other networks, saw of the same servers
    std::string rules_folder{};  ///< rules that join the built-in ones; empty: none
    bool hosts_file{true};       ///< look names up in this computer's hosts file first, as programs do
    bool allow_local{false};     ///< servers on loopback and link-local addresses named by a pasted text
    bool third_parties{true};
    bool chain_memory{true};       ///< the verdict on a chain holds for ten minutes
    bool reference_probes{false};  ///< exactly the questions of the reference client, for benchmarks
    bool live{false};  ///< the sink also gets each observation, and the diagnosis once it is certain
};

struct Progress {
    enum class Kind : std::uint8_t {
        started,
        finished,
        seen,      ///< live: `observation` is set
        diagnosed  ///< live: all that decides was seen; `so_far` is set. May come again with more
    } kind{};
    std::string what{};  ///< one line for people: "imap.example.org port 993"
    std::size_t done{}, planned{};
    Subject subject{};  ///< of what started or finished
    std::shared_ptr<const Observation> observation{};
    std::shared_ptr<const Report> so_far{};  ///< verdict and findings; without observations
};

/// Called on the engine's thread for every step; must not block.
using Sink = std::function<void(const Progress&)>;

/// A fault in the options that the person can mend: exit status 2.
struct BadOption {
    std::string line;
};

/// One check under way on a thread of its own.
class Run {
public:
    virtual ~Run() = default;
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    /// Asks the run to stop; it still ends with a report of what was seen. Safe from any thread, more than
    /// once.
    virtual void cancel() noexcept = 0;
    /// Whether wait() would return at once.
    virtual bool finished() const noexcept = 0;
    /// Waits for the end. Call it once. Throws what was a fault of ours, never an expected failure.
    virtual Report wait() = 0;
    /// The same observations told again, for another mail program or in another language. After wait().
    /// @param report that wait() gave
    virtual Report retold(Report report, const std::string& program, const std::string& language) const = 0;

protected:
    Run() = default;
};

/// Checks an account: can it receive, can it send, can mail reach its domain. Needs no root rights.
/// @return the run, or one line that says which option cannot be used
/// @param credentials what to log in with; without any, no login is tried
std::expected<std::shared_ptr<Run>, BadOption> start_check(Request request, Options options, Sink sink,
                                                           Credentials credentials = {});

/// What a full relay test asks of the server that `wish` names, in its order: to show it before somebody
/// agrees. The server's own name and address stand in some of them as they are typed. No network.
std::vector<RelayTrial> relay_questions(const RelayWish& wish);

}  // namespace maildoctor::doctor
