// TCP on loopback: racing addresses, each one's own result, deadlines of single operations.
#include <asio.hpp>
#include <catch2/catch.hpp>

#include "core/async/event.h"
#include "core/async/loop.h"
#include "core/async/when_all.h"
#include "core/net/connect.h"

using namespace maildoctor;
using namespace std::chrono_literals;

namespace {

/// A listener on loopback that answers in a thread of its own loop, or never accepts.
struct Listener {
    asio::io_context io;
    asio::ip::tcp::acceptor acceptor;
    explicit Listener(const char* address) : acceptor(io, {asio::ip::make_address(address), 0}) {}
    Port port() const { return *Port::from(acceptor.local_endpoint().port()); }
};

struct Outcome {
    Result<net::Winner> winner;
    std::vector<ConnectAttempt> attempts;
};

Task<Outcome> race(std::vector<IpAddress> addresses, Port port, net::RaceOptions options = {}) {
    auto race = co_await net::Race::start(std::move(addresses), port, Deadline::after(5s), options);
    auto winner = co_await race->winner();
    auto attempts = co_await race->finish();
    co_return Outcome{.winner = std::move(winner), .attempts = std::move(attempts)};
}

std::vector<IpAddress> addresses(std::initializer_list<const char*> texts) {
    std::vector<IpAddress> out;
    for (const char* text : texts)
        out.push_back(*IpAddress::from(text));
    return out;
}

}  // namespace

TEST_CASE("race order: families alternate, IPv6 first", "[net]") {
    const auto order = net::race_order(addresses({"192.0.2.1", "192.0.2.2", "2001:db8::1", "192.0.2.3"}));
    CHECK(order == addresses({"2001:db8::1", "192.0.2.1", "192.0.2.2", "192.0.2.3"}));
}

TEST_CASE("race: one good and one refusing address, both are known afterwards", "[net][net.refused]") {
    const Listener listener("127.0.0.1");
    async::Loop loop;
    const Outcome outcome = loop.run_for(race(addresses({"127.0.0.2", "127.0.0.1"}), listener.port()));
    REQUIRE(outcome.winner);
    CHECK(outcome.winner->address.text() == "127.0.0.1");
    REQUIRE(outcome.attempts.size() == 2);
    REQUIRE(outcome.attempts[0].failure);
    CHECK(outcome.attempts[0].failure->kind == FailureKind::refused);
    CHECK_FALSE(outcome.attempts[1].failure);
    CHECK(outcome.attempts[1].used);
}

TEST_CASE("race: nobody listens", "[net][net.refused]") {
    Port port = *Port::from(1);
    {
        const Listener listener("127.0.0.1");
        port = listener.port();
    }
    async::Loop loop;
    const Outcome outcome = loop.run_for(race(addresses({"127.0.0.1"}), port));
    REQUIRE_FALSE(outcome.winner);
    CHECK(outcome.winner.error().kind == FailureKind::refused);
    CHECK(outcome.winner.error().stage == Stage::connect);
}

TEST_CASE("race: without an address there is nothing to connect to", "[net]") {
    async::Loop loop;
    const Outcome outcome = loop.run_for(race({}, *Port::from(25)));
    REQUIRE_FALSE(outcome.winner);
    CHECK(outcome.winner.error().kind == FailureKind::not_possible);
    CHECK(outcome.attempts.empty());
}

namespace {
struct Talk {
    FailureKind silent{};
    std::string echoed{};
    bool ended{false};
};

Task<void> answer(std::shared_ptr<asio::ip::tcp::acceptor> acceptor) {
    asio::ip::tcp::socket peer = co_await acceptor->async_accept(asio::use_awaitable);
    std::string bytes(100, '\0');
    const std::size_t size = co_await peer.async_read_some(asio::buffer(bytes), asio::use_awaitable);
    co_await asio::async_write(peer, asio::buffer(bytes.data(), size), asio::use_awaitable);
}

Task<Talk> talk() {
    const auto executor = co_await asio::this_coro::executor;
    auto acceptor = std::make_shared<asio::ip::tcp::acceptor>(
        executor, asio::ip::tcp::endpoint(asio::ip::make_address("127.0.0.1"), 0));
    async::Group group(executor);
    group.start(answer(acceptor));
    auto race = co_await net::Race::start(
        addresses({"127.0.0.1"}), *Port::from(acceptor->local_endpoint().port()), Deadline::after(5s));
    auto winner = co_await race->winner();
    Talk seen;
    auto silent = co_await winner->stream->read_some(100, Deadline::after(20ms));
    if (!silent) seen.silent = silent.error().kind;
    co_await winner->stream->write("EHLO\r\n", Deadline::after(1s));
    auto echoed = co_await winner->stream->read_some(100, Deadline::after(1s));
    if (echoed) seen.echoed = *echoed;
    auto end = co_await winner->stream->read_some(100, Deadline::after(1s));
    seen.ended = end && end->empty();
    co_await race->finish();
    co_await group.wait();
    co_return seen;
}
}  // namespace

TEST_CASE("tcp stream: a passed deadline leaves the stream usable", "[net][net.timeout]") {
    async::Loop loop;
    const Talk seen = loop.run_for(talk());
    CHECK(seen.silent == FailureKind::timed_out);
    CHECK(seen.echoed == "EHLO\r\n");
    CHECK(seen.ended);
}
