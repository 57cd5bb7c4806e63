// Connecting to a host with several addresses: the fastest good one is used, and each one's own result is
// kept.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

#include "core/async/deadline.h"
#include "core/async/task.h"
#include "core/model/facts.h"
#include "core/model/result.h"
#include "core/model/words.h"
#include "core/net/stream.h"

namespace maildoctor::net {

struct RaceOptions {
    std::chrono::milliseconds stagger{250};            ///< between two starts (RFC 8305 section 5)
    std::chrono::milliseconds limit{limits::connect};  ///< for each address
    bool ask_all{true};  ///< also learn how the addresses that are not used answer
};

struct Winner {
    IpAddress address;
    StreamPtr stream;
    std::optional<IpAddress> local{};  ///< this computer's end
};

/// Races connections to all addresses of a host (RFC 8305): IPv6 and IPv4 alternate, IPv6 first; the next
/// attempt starts after the stagger time or as soon as one fails. The dialog can go on over the winner while
/// slower addresses are still being asked; finish() tells how each of them ended.
class Race {
public:
    /// Starts the attempts. Every Race is finished with finish() before it goes away.
    static Task<std::shared_ptr<Race>> start(std::vector<IpAddress> addresses, Port port, Deadline deadline,
                                             RaceOptions options = {});

    /// Waits for the first connection. @return the winner, or the failure of the attempts: the one that says
    /// most
    ///         (refused before reset before timed_out before unreachable); not_possible without any address
    Task<Result<Winner>> winner();
    /// Waits for the other attempts too. @return one entry an address, in the order of the attempts
    Task<std::vector<ConnectAttempt>> finish();
    ~Race();

private:
    struct State;
    explicit Race(std::shared_ptr<State> state) : state_(std::move(state)) {}
    std::shared_ptr<State> state_;
};

/// The addresses in the order in which they are tried: families alternate, IPv6 first (RFC 8305 section 4).
std::vector<IpAddress> race_order(const std::vector<IpAddress>& addresses);

}  // namespace maildoctor::net
