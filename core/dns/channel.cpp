#include "core/dns/channel.h"

#include <algorithm>
#include <array>
#include <asio.hpp>

namespace maildoctor::dns {

asio::ip::address to_asio(const platform::NameServer& server) {
    const std::string_view bytes = server.address.bytes();
    if (server.address.is_v4()) {
        asio::ip::address_v4::bytes_type v4{};
        std::ranges::copy(bytes, v4.begin());
        return asio::ip::address_v4(v4);
    }
    asio::ip::address_v6::bytes_type v6{};
    std::ranges::copy(bytes, v6.begin());
    return asio::ip::address_v6(v6, server.scope);
}

std::shared_ptr<Channel> Channel::open(const asio::any_io_executor& executor,
                                       const platform::NameServer& server, ReceiveBuffer buffer) {
    const std::shared_ptr<Channel> channel(new Channel(executor, server, std::move(buffer)));
    const asio::ip::udp::endpoint endpoint(to_asio(server), server.port);
    asio::error_code error;
    channel->socket_.open(endpoint.protocol(), error);
    if (!error) channel->socket_.non_blocking(true, error);
    if (!error) channel->socket_.connect(endpoint, error);  // the system drops what other sources send
    if (error) return nullptr;
    channel->listen();
    return channel;
}

bool Channel::send(Waiter& waiter, std::string& query, std::uint16_t random_id) {
    const auto taken = [this](std::uint16_t id) {
        return std::ranges::find(waiting_, id, &Waiter::id) != waiting_.end();
    };
    while (taken(random_id))
        ++random_id;
    query[0] = static_cast<char>(random_id >> 8);
    query[1] = static_cast<char>(random_id & 0xff);
    ++uses_;
    asio::error_code error;
    socket_.send(asio::buffer(query), 0, error);
    // An error may be the late report of an earlier datagram's fate; it was taken with that, so once more
    // tells.
    if (error) socket_.send(asio::buffer(query), 0, error);
    if (error) return false;
    waiter.id = random_id;
    waiting_.push_back(&waiter);
    return true;
}

void Channel::forget(const Waiter& waiter) noexcept {
    std::erase(waiting_, &waiter);
    if (retired_ && waiting_.empty()) retire();
}

void Channel::retire() noexcept {
    retired_ = true;
    asio::error_code ignored;
    if (waiting_.empty()) socket_.close(ignored);  // ends the outstanding receive, which held the channel
}

void Channel::listen() {
    socket_.async_wait(asio::ip::udp::socket::wait_read,
                       [self = shared_from_this()](const asio::error_code& error) {
                           if (error) return;
                           self->receive();
                           if (self->socket_.is_open()) self->listen();
                       });
}

void Channel::receive() {
    while (socket_.is_open()) {
        asio::error_code error;
        const std::size_t size = socket_.receive(asio::buffer(*buffer_), 0, error);
        if (error == asio::error::would_block || error == asio::error::try_again) return;
        if (error == asio::error::interrupted) continue;
        if (error) return tell_unreachable();
        deliver({buffer_->data(), size});
    }
}

void Channel::deliver(std::string_view bytes) {
    if (bytes.size() < 2) return;
    const auto id = static_cast<std::uint16_t>(static_cast<unsigned char>(bytes[0]) << 8 |
                                               static_cast<unsigned char>(bytes[1]));
    const auto found = std::ranges::find(waiting_, id, &Waiter::id);
    if (found == waiting_.end()) return;  // late, or forged
    Waiter& waiter = **found;
    if (waiter.answer) return;
    auto answer = parse_answer(bytes, waiter.question, waiter.keep);
    if (!answer) {
        waiter.malformed = true;  // the true answer may still come
        return;
    }
    waiter.answer = std::make_shared<const ParsedAnswer>(std::move(*answer));
    waiter.timer.cancel();
}

void Channel::tell_unreachable() {
    for (Waiter* waiter : waiting_) {
        waiter->unreachable = true;
        waiter->timer.cancel();
    }
}

}  // namespace maildoctor::dns
