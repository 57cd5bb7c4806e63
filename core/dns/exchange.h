// One question to one name server: over UDP, and over TCP when the answer does not fit.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <vector>

#include "core/async/deadline.h"
#include "core/async/task.h"
#include "core/dns/channel.h"
#include "core/dns/packet.h"
#include "core/platform/resolver_config.h"

namespace maildoctor::dns {

/// A question ready to be sent.
struct Query {
    Question question;
    QueryOptions options;
    std::string wire;  ///< from make_query()
    Keep keep() const noexcept {
        return options.dnssec_ok || !options.recursion_desired ? Keep::packet : Keep::values;
    }
};
using QueryPtr = std::shared_ptr<const Query>;

/// Why there is no answer.
enum class NoAnswer : std::uint8_t {
    silent,       ///< nothing usable came in time
    unreachable,  ///< an ICMP message says that nobody listens there
    no_route,     ///< this computer has no way to that address
    bad_name,     ///< the name cannot be asked for (RFC 1035 section 2.3.4); nothing was sent
    cancelled,    ///< the asking coroutine was stopped
    out_of_time,  ///< the look-up's own deadline came first
};

struct Reply {
    std::shared_ptr<const ParsedAnswer> answer{};  ///< set when an answer came, whatever its RCODE
    NoAnswer why{NoAnswer::silent};                ///< without an answer
    bool malformed{false};                         ///< something came that was no answer
    std::optional<platform::NameServer> server{};  ///< who answered
};

/// The sockets of a run. Belongs to one loop at a time.
class Exchange {
public:
    /// Sends the question once and waits; a truncated answer is fetched over TCP within the same limit.
    /// What does not match id, question and source is ignored and waiting goes on. The caller keeps the
    /// Exchange alive.
    Task<Reply> ask(QueryPtr query, platform::NameServer server, Deadline deadline);

    std::uint64_t datagrams() const noexcept { return datagrams_; }
    std::uint64_t connections() const noexcept { return connections_; }
    Exchange() = default;
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;
    ~Exchange();

private:
    Task<Reply> ask_over_tcp(QueryPtr query, platform::NameServer server, Deadline deadline);
    std::shared_ptr<Channel> channel_to(const asio::any_io_executor& executor,
                                        const platform::NameServer& server);
    std::uint16_t random_id();

    std::vector<std::weak_ptr<Channel>> channels_;  // one a server
    ReceiveBuffer buffer_{std::make_shared<std::vector<char>>(65535)};
    std::random_device random_;
    std::optional<std::uint16_t> spare_id_;
    std::uint64_t datagrams_{0}, connections_{0};
};

}  // namespace maildoctor::dns
