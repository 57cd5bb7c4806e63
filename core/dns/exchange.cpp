#include "core/dns/exchange.h"

#include <asio.hpp>
#include <asio/experimental/as_tuple.hpp>

#include "core/async/event.h"
#include "core/net/tcp_stream.h"

namespace maildoctor::dns {
namespace {

constexpr auto as_value = asio::experimental::as_tuple(asio::use_awaitable);

/// Takes the waiter off its channel when the asking coroutine ends, however it ends.
class Waiting {
public:
    Waiting(std::shared_ptr<Channel> channel, const Waiter& waiter)
        : channel_(std::move(channel)), waiter_(waiter) {}
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;
    ~Waiting() { channel_->forget(waiter_); }

private:
    std::shared_ptr<Channel> channel_;
    const Waiter& waiter_;
};

Reply no_answer(NoAnswer why, const platform::NameServer& server) {
    return {.why = why, .server = server};
}

Reply answered(std::shared_ptr<const ParsedAnswer> answer, const platform::NameServer& server) {
    return {.answer = std::move(answer), .server = server};
}

/// Connects within the deadline. @return nothing when that fails
Task<net::StreamPtr> connect(platform::NameServer server, Deadline deadline) {
    const auto executor = co_await asio::this_coro::executor;
    // The timer's handler may run after this coroutine has ended: what it touches is shared.
    const auto socket = std::make_shared<asio::ip::tcp::socket>(executor);
    asio::steady_timer timer(executor, deadline.at());
    timer.async_wait([weak = std::weak_ptr(socket)](const asio::error_code& error) {
        const auto late = weak.lock();
        asio::error_code ignored;
        if (!error && late) late->close(ignored);
    });
    const asio::ip::tcp::endpoint endpoint(to_asio(server), server.port);
    auto [error] = co_await socket->async_connect(endpoint, as_value);
    if (error) co_return nullptr;
    co_return std::make_shared<net::TcpStream>(std::move(*socket));
}

Task<Result<std::string>> read_exactly(net::StreamPtr stream, std::size_t size, Deadline deadline) {
    std::string bytes;
    while (bytes.size() < size) {
        auto part = co_await stream->read_some(size - bytes.size(), deadline);
        if (!part) co_return part;
        if (part->empty()) co_return failed(Stage::dns_lookup, FailureKind::peer_closed);
        bytes += *part;
    }
    co_return bytes;
}

}  // namespace

Exchange::~Exchange() {
    for (const auto& weak : channels_) {
        if (const auto channel = weak.lock()) channel->retire();
    }
}

std::uint16_t Exchange::random_id() {
    if (spare_id_) return *std::exchange(spare_id_, std::nullopt);
    const unsigned both = random_();
    spare_id_ = static_cast<std::uint16_t>(both >> 16);
    return static_cast<std::uint16_t>(both & 0xffff);
}

std::shared_ptr<Channel> Exchange::channel_to(const asio::any_io_executor& executor,
                                              const platform::NameServer& server) {
    for (auto it = channels_.begin(); it != channels_.end();) {
        auto channel = it->lock();
        if (!channel) {
            it = channels_.erase(it);
            continue;
        }
        if (channel->server() == server && channel->runs_on(executor)) {
            if (!channel->used_up()) return channel;
            channel->retire();
            channels_.erase(it);
            break;
        }
        ++it;
    }
    auto channel = Channel::open(executor, server, buffer_);
    if (channel) channels_.emplace_back(channel);
    return channel;
}

Task<Reply> Exchange::ask(QueryPtr query, platform::NameServer server, Deadline deadline) {
    if (co_await async::cancelled()) co_return no_answer(NoAnswer::cancelled, server);
    const auto executor = co_await asio::this_coro::executor;
    const auto channel = channel_to(executor, server);
    if (!channel) co_return no_answer(NoAnswer::no_route, server);
    Waiter waiter(executor, deadline, query->question, query->keep());
    std::string wire = query->wire;
    if (!channel->send(waiter, wire, random_id())) co_return no_answer(NoAnswer::unreachable, server);
    ++datagrams_;
    {
        const Waiting waiting(channel, waiter);
        co_await waiter.timer.async_wait(as_value);
    }
    if (!waiter.answer) {
        Reply reply = no_answer(waiter.unreachable ? NoAnswer::unreachable : NoAnswer::silent, server);
        if (!waiter.unreachable && co_await async::cancelled()) reply.why = NoAnswer::cancelled;
        reply.malformed = waiter.malformed;
        co_return reply;
    }
    if (!waiter.answer->truncated) co_return answered(std::move(waiter.answer), server);
    co_return co_await ask_over_tcp(std::move(query), server, deadline);
}

/// RFC 7766: two octets of length before each message.
Task<Reply> Exchange::ask_over_tcp(QueryPtr query, platform::NameServer server, Deadline deadline) {
    if (co_await async::cancelled()) co_return no_answer(NoAnswer::cancelled, server);
    ++connections_;
    const net::StreamPtr stream = co_await connect(server, deadline);
    if (!stream) co_return no_answer(NoAnswer::silent, server);
    const std::uint16_t id = random_id();
    std::string message;
    message.reserve(query->wire.size() + 2);
    message += static_cast<char>(query->wire.size() >> 8);
    message += static_cast<char>(query->wire.size() & 0xff);
    message += query->wire;
    message[2] = static_cast<char>(id >> 8);
    message[3] = static_cast<char>(id & 0xff);
    Reply reply = no_answer(NoAnswer::silent, server);
    if (!co_await stream->write(message, deadline)) co_return reply;
    const auto length = co_await read_exactly(stream, 2, deadline);
    if (!length) co_return reply;
    const std::size_t size = static_cast<std::size_t>(static_cast<unsigned char>((*length)[0])) << 8 |
                             static_cast<unsigned char>((*length)[1]);
    const auto bytes = co_await read_exactly(stream, size, deadline);
    if (!bytes) co_return reply;
    auto answer = parse_answer(*bytes, query->question, query->keep());
    if (!answer || bytes->compare(0, 2, message, 2, 2) != 0) {
        reply.malformed = true;
        co_return reply;
    }
    co_return answered(std::make_shared<const ParsedAnswer>(std::move(*answer)), server);
}

}  // namespace maildoctor::dns
