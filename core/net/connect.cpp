#include "core/net/connect.h"

#include <algorithm>
#include <asio.hpp>
#include <asio/experimental/as_tuple.hpp>
#include <cstring>
#include <utility>

#include "core/async/event.h"
#include "core/async/when_all.h"
#include "core/net/errors.h"
#include "core/net/tcp_stream.h"

namespace maildoctor::net {
namespace {

constexpr auto as_value = asio::experimental::as_tuple(asio::use_awaitable);

asio::ip::address to_asio(const IpAddress& address) {
    const std::string_view bytes = address.bytes();
    if (address.is_v4()) {
        asio::ip::address_v4::bytes_type raw{};
        std::memcpy(raw.data(), bytes.data(), raw.size());
        return asio::ip::address_v4(raw);
    }
    asio::ip::address_v6::bytes_type raw{};
    std::memcpy(raw.data(), bytes.data(), raw.size());
    return asio::ip::address_v6(raw);
}

/// How much a failed attempt tells about the server: the smaller the more.
int telling(FailureKind kind) {
    switch (kind) {
        case FailureKind::refused:
            return 0;
        case FailureKind::reset:
            return 1;
        case FailureKind::timed_out:
            return 2;
        case FailureKind::out_of_time:
            return 3;
        case FailureKind::unreachable:
            return 4;
        default:
            return 5;
    }
}

std::chrono::microseconds since(Clock::time_point start) {
    return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start);
}

}  // namespace

std::vector<IpAddress> race_order(const std::vector<IpAddress>& addresses) {
    std::vector<IpAddress> six, four, order;
    for (const IpAddress& address : addresses)
        (address.is_v6() ? six : four).push_back(address);
    for (std::size_t i = 0; i < std::max(six.size(), four.size()); ++i) {
        if (i < six.size()) order.push_back(six[i]);
        if (i < four.size()) order.push_back(four[i]);
    }
    return order;
}

struct Race::State : std::enable_shared_from_this<Race::State> {
    State(const asio::any_io_executor& loop, Port to, Deadline until, RaceOptions how)
        : executor(loop), port(to), deadline(until), options(how), group(loop), decided(loop), news(loop) {}

    asio::any_io_executor executor;
    Port port;
    Deadline deadline;
    RaceOptions options;
    async::Group group;
    async::Event decided;  // somebody won or all have failed
    async::Event news;     // an attempt ended: the next may start
    Clock::time_point began{Clock::now()};
    std::vector<ConnectAttempt> attempts;
    std::optional<Winner> winner;
    std::size_t ended{0};

    Task<void> attempt(std::size_t index) {
        ConnectAttempt& me = attempts[index];
        me.started = since(began);
        const Deadline until = deadline.within(options.limit);
        asio::ip::tcp::socket socket(executor);
        asio::steady_timer timer(executor, until.at());
        bool timed_out = false;
        timer.async_wait(
            [&socket, &timed_out, watch = std::weak_ptr<int>(alive[index])](const asio::error_code& error) {
                if (error || watch.expired()) return;
                timed_out = true;
                asio::error_code ignored;
                socket.close(ignored);
            });
        const asio::ip::tcp::endpoint endpoint(to_asio(me.address), port.number());
        auto [error] = co_await socket.async_connect(endpoint, as_value);
        alive[index].reset();
        timer.cancel();
        me.took = since(began) - me.started;
        if (error) {
            const bool whole = timed_out && deadline.passed() && me.took < options.limit;
            me.failure = timed_out
                             ? Failure{.stage = Stage::connect,
                                       .kind = whole ? FailureKind::out_of_time : FailureKind::timed_out,
                                       .text = "no answer"}
                             : failure_from(error, Stage::connect);
        } else if (!winner) {
            me.used = true;
            asio::error_code unknown;
            const asio::ip::tcp::endpoint here = socket.local_endpoint(unknown);
            winner = Winner{.address = me.address, .stream = std::make_shared<TcpStream>(std::move(socket))};
            if (!unknown) winner->local = IpAddress::from(here.address().to_string());
        }
        ++ended;
        if (winner || ended == attempts.size()) decided.set();
        news.nudge();
    }

    /// Starts the attempts one after the other; the first at once.
    Task<void> start_all() {
        for (std::size_t i = 0; i < attempts.size(); ++i) {
            if (winner && !options.ask_all) {
                attempts.erase(attempts.begin() + static_cast<std::ptrdiff_t>(i), attempts.end());
                break;
            }
            if (co_await async::cancelled()) {
                give_up_from(i);
                break;
            }
            group.start(attempt(i));
            if (i + 1 < attempts.size()) co_await pause(ended);
        }
    }

    /// Waits for the stagger time, or shorter when an attempt ends.
    Task<void> pause(std::size_t ended_before) {
        const Deadline until = deadline.within(options.stagger);
        asio::steady_timer timer(executor, until.at());
        timer.async_wait([this, self = weak_from_this()](const asio::error_code& error) {
            if (!error && !self.expired()) news.nudge();
        });
        while (ended == ended_before && !winner && !until.passed() && !co_await async::cancelled())
            co_await news.wait_for_news();
        timer.cancel();
    }

    void give_up_from(std::size_t index) {
        for (std::size_t i = index; i < attempts.size(); ++i) {
            attempts[i].failure =
                Failure{.stage = Stage::connect, .kind = FailureKind::cancelled, .text = "stopped"};
            ++ended;
        }
        if (ended == attempts.size()) decided.set();
    }

    std::vector<std::shared_ptr<int>>
        alive;  // one a running attempt: its timer must not touch a socket that is gone
};

Task<std::shared_ptr<Race>> Race::start(std::vector<IpAddress> addresses, Port port, Deadline deadline,
                                        RaceOptions options) {
    auto state = std::make_shared<State>(co_await asio::this_coro::executor, port, deadline, options);
    for (const IpAddress& address : race_order(addresses)) {
        state->attempts.push_back(ConnectAttempt{.address = address});
        state->alive.push_back(std::make_shared<int>(0));
    }
    if (state->attempts.empty()) {
        state->decided.set();
    } else {
        state->group.start(state->start_all());
    }
    co_return std::shared_ptr<Race>(new Race(std::move(state)));
}

Race::~Race() = default;

Task<Result<Winner>> Race::winner() {
    State& state = *state_;
    const bool decided = co_await state.decided.wait(state.deadline);
    if (state.winner) co_return *state.winner;
    if (co_await async::cancelled()) co_return failed(Stage::connect, FailureKind::cancelled, "stopped");
    if (state.attempts.empty())
        co_return failed(Stage::connect, FailureKind::not_possible, "the name has no address");
    if (!decided)
        co_return failed(Stage::connect, FailureKind::out_of_time, "the time limit ran out while connecting");
    const auto best = std::ranges::min_element(
        state.attempts, {}, [](const ConnectAttempt& a) { return a.failure ? telling(a.failure->kind) : 9; });
    co_return std::unexpected(*best->failure);
}

Task<std::vector<ConnectAttempt>> Race::finish() {
    co_await state_->group.wait();
    co_return state_->attempts;
}

}  // namespace maildoctor::net
