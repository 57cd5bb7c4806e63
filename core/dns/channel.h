// A UDP socket connected to one name server, over which several questions can be open at the same time.
#pragma once

#include <asio/ip/udp.hpp>
#include <asio/steady_timer.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/async/deadline.h"
#include "core/dns/packet.h"
#include "core/platform/resolver_config.h"

namespace maildoctor::dns {

/// One question that waits for its answer; lives in the asking coroutine. Its timer is both the limit and the
/// bell: the channel cancels it when there is something to see.
struct Waiter {
    Waiter(const asio::any_io_executor& executor, Deadline deadline, const Question& asked, Keep how)
        : timer(executor, deadline.at()), question(asked), keep(how) {}
    asio::steady_timer timer;
    const Question& question;
    Keep keep;
    std::uint16_t id{};
    bool malformed{false};    ///< something came that is no answer to the question; waiting went on
    bool unreachable{false};  ///< the system says that nobody listens there (ICMP)
    std::shared_ptr<const ParsedAnswer> answer{};
};

/// Octets for receiving, shared by all channels of a loop.
using ReceiveBuffer = std::shared_ptr<std::vector<char>>;

/// The channel is kept alive by its own outstanding receive, so that it ends with its loop; whoever uses it
/// holds a weak pointer. After a number of questions it is given up for one with a new source port: ports
/// stay unpredictable.
class Channel : public std::enable_shared_from_this<Channel> {
public:
    /// @return nothing when the system has no socket or no route for it
    static std::shared_ptr<Channel> open(const asio::any_io_executor& executor,
                                         const platform::NameServer& server, ReceiveBuffer buffer);

    /// Sends a question under a new id and notes who waits for its answer.
    /// @param query from make_query(); its id is written here
    /// @return false when the system refuses to send; the waiter is not noted then
    bool send(Waiter& waiter, std::string& query, std::uint16_t random_id);
    /// Must be called before the waiter goes away.
    void forget(const Waiter& waiter) noexcept;

    bool used_up() const noexcept { return uses_ >= max_uses; }
    const platform::NameServer& server() const noexcept { return server_; }
    bool runs_on(const asio::any_io_executor& executor) { return socket_.get_executor() == executor; }
    /// Lets the socket go as soon as nobody waits any more.
    void retire() noexcept;

private:
    static constexpr int max_uses = 32;
    Channel(const asio::any_io_executor& executor, const platform::NameServer& server, ReceiveBuffer buffer)
        : socket_(executor), server_(server), buffer_(std::move(buffer)) {}
    void listen();
    void receive();
    void deliver(std::string_view bytes);
    void tell_unreachable();

    asio::ip::udp::socket socket_;
    platform::NameServer server_;
    ReceiveBuffer buffer_;
    std::vector<Waiter*> waiting_;
    int uses_{0};
    bool retired_{false};
};

/// An Asio address with its interface.
asio::ip::address to_asio(const platform::NameServer& server);

}  // namespace maildoctor::dns
