// Asking DNS: a stub resolver with a cache for the run, that says not only what it found but why it did not.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/async/deadline.h"
#include "core/async/task.h"
#include "core/dns/trust_anchors.h"
#include "core/model/facts.h"
#include "core/model/host_name.h"
#include "core/platform/hosts_file.h"
#include "core/platform/resolver_config.h"

namespace maildoctor::dns {

class AnswerStore;
/// Answers that several resolvers share, each on its own loop, as long as they ask the same servers.
using SharedAnswers = std::shared_ptr<AnswerStore>;
/// @param capacity how many are kept: some 1,000 octets each, some 4,000 with signatures
SharedAnswers make_shared_answers(std::size_t capacity);

struct Config {
    std::vector<platform::NameServer>
        servers{};                    ///< asked in this order; empty: every look-up is resolver-unreachable
    platform::HostsFile hosts{};      ///< looked at before DNS by addresses(); empty: DNS only
    bool validate{true};              ///< asks for signatures and checks them from the trust anchors down
    TrustAnchorsPtr trust_anchors{};  ///< nothing: default_trust_anchors(), read when first needed
    bool investigate{true};           ///< after a failure asks further to fill DnsFacts::detail
    std::chrono::milliseconds try_limit{limits::dns_try};  ///< for one server to answer once
    int tries{limits::dns_tries};        ///< over all servers, but each server is asked at least once
    std::uint16_t zone_server_port{53};  ///< where name servers of zones listen (tests use another one)
    SharedAnswers answers{};             ///< nothing: the resolver's own
    std::optional<std::int64_t> validation_time{};  ///< seconds since 1970 for signatures; nothing: the clock
};

/// The configuration of this computer: its name servers and hosts file.
Config system_config();

enum class Validation : std::uint8_t { as_configured, off };

/// The addresses of a host, as a mail program would get them.
struct HostAddresses {
    DnsFacts v4{}, v6{};  ///< the A and AAAA questions, or what the hosts file or a literal gave
    std::vector<IpAddress> addresses{};  ///< of both, IPv6 first
    /// The look-up that tells best why there is no address: a failure before "no data".
    const DnsFacts& telling() const noexcept;
};

/// How much was asked so far.
struct Traffic {
    std::uint64_t datagrams{};    ///< UDP questions sent, repetitions included
    std::uint64_t connections{};  ///< TCP connections made
    std::uint64_t lookups{};      ///< calls of lookup(), answered from the cache or not
};

/// A stub resolver for one loop; its answers may be shared with those of other loops. Equal questions are
/// asked once, even while the first is still open; answers are kept for the run (their TTL, one minute at
/// least). Any number of coroutines may ask at the same time; one that is cancelled does not disturb the
/// others.
class Resolver {
public:
    explicit Resolver(Config config);
    ~Resolver();
    Resolver(const Resolver&) = delete;
    Resolver& operator=(const Resolver&) = delete;

    /// Asks one question and follows aliases. Never fails as a call: what went wrong is in `status` and
    /// `detail`.
    /// @param name as in DnsFacts: no final dot needed, any case; "" is the root; "\." and "\DDD" escapes
    /// (RFC 1035
    ///        section 5.1) are understood; names outside ASCII pass through the room `names` first
    /// @param deadline the look-up ends by then; each try has its own shorter limit (Config::try_limit)
    /// @param validation off: gives the plain answer without waiting for the chain of trust; a later call
    /// with
    ///        as_configured judges the same answer from the cache
    /// @return `detail` is set for every failure: "nxdomain", "no-address" (A, AAAA), "no-data", "servfail",
    /// "lame",
    ///         "bogus", "cname-loop", "resolver-unreachable", "no-answer", "refused", "malformed",
    ///         "bad-name", "out-of-time", "cancelled"
    Task<DnsFacts> lookup(std::string name, RecordType type, Deadline deadline,
                          Validation validation = Validation::as_configured);

    /// A and AAAA side by side. The hosts file is honoured, an address literal passes through without a
    /// question.
    Task<HostAddresses> addresses(HostName host, Deadline deadline,
                                  Validation validation = Validation::as_configured);

    const Config& config() const noexcept;
    Traffic traffic() const noexcept;

private:
    class Engine;
    std::shared_ptr<Engine> engine_;
};

using ResolverPtr = std::shared_ptr<Resolver>;

}  // namespace maildoctor::dns
