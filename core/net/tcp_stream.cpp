#include "core/net/tcp_stream.h"

#include <algorithm>
#include <array>
#include <asio.hpp>
#include <asio/experimental/as_tuple.hpp>
#include <utility>

#include "core/async/event.h"
#include "core/model/secret.h"
#include "core/net/errors.h"

namespace maildoctor::net {
namespace {

constexpr auto as_value = asio::experimental::as_tuple(asio::use_awaitable);

/// Cancels the socket's operations when the deadline passes, unless it is disarmed before.
class Limit {
public:
    Limit(asio::steady_timer& timer, asio::ip::tcp::socket& socket, Deadline deadline)
        : timer_(timer), passed_(std::make_shared<bool>(false)) {
        timer_.expires_at(deadline.at());
        timer_.async_wait([passed = std::weak_ptr<bool>(passed_), &socket](const asio::error_code& error) {
            const auto armed = passed.lock();
            if (error || !armed) return;  // the operation ended first: its socket may be gone
            *armed = true;
            asio::error_code ignored;
            socket.cancel(ignored);
        });
    }
    Limit(const Limit&) = delete;
    Limit& operator=(const Limit&) = delete;
    ~Limit() { timer_.cancel(); }

    bool passed() const { return *passed_; }

private:
    asio::steady_timer& timer_;
    std::shared_ptr<bool> passed_;
};

Failure failure_of(const asio::error_code& error, bool limit_passed) {
    if (error == asio::error::operation_aborted && limit_passed)
        return Failure{.stage = Stage::command,
                       .kind = FailureKind::timed_out,
                       .text = "no answer within the time limit"};
    return failure_from(error, Stage::command);
}

}  // namespace

TcpStream::TcpStream(asio::ip::tcp::socket socket)
    : socket_(std::move(socket)), limit_(socket_.get_executor()) {
    asio::error_code ignored;
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    socket_.non_blocking(true, ignored);
}

TcpStream::~TcpStream() {
    close();
}

/// What lies waiting. @return nothing when nothing does
std::optional<Result<std::string>> TcpStream::read_now(std::size_t limit) {
    std::array<char, 16384> octets;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by the system
    asio::error_code error;
    const std::size_t size =
        socket_.read_some(asio::buffer(octets.data(), std::min(limit, octets.size())), error);
    if (error == asio::error::would_block || error == asio::error::try_again) return std::nullopt;
    if (error && error != asio::error::eof) return std::unexpected(failure_of(error, false));
    return std::string(octets.data(), error ? 0 : size);
}

Task<Result<std::string>> TcpStream::read_some(std::size_t limit, Deadline deadline) {
    if (co_await async::cancelled()) co_return failed(Stage::command, FailureKind::cancelled, "stopped");
    // Room for the octets is made when they are there: thousands of streams that wait must not need it.
    while (true) {
        if (auto read = read_now(limit)) co_return std::move(*read);
        if (deadline.passed())
            co_return failed(Stage::command, FailureKind::timed_out, "no answer within the time limit");
        const Limit armed(limit_, socket_, deadline);
        const auto [error] = co_await socket_.async_wait(asio::ip::tcp::socket::wait_read, as_value);
        if (error) co_return std::unexpected(failure_of(error, armed.passed()));
    }
}

Task<Result<void>> TcpStream::write(std::string bytes, Deadline deadline) {
    const WipeAtEnd no_copy_stays(bytes);  // it may hold a password
    if (co_await async::cancelled()) co_return failed(Stage::command, FailureKind::cancelled, "stopped");
    asio::error_code error;
    // The system nearly always takes all at once.
    const std::size_t taken = socket_.write_some(asio::buffer(bytes), error);
    if (error && error != asio::error::would_block && error != asio::error::try_again)
        co_return std::unexpected(failure_of(error, false));
    if (taken == bytes.size()) co_return Result<void>{};
    const Limit armed(limit_, socket_, deadline);
    const auto [broken, size] = co_await asio::async_write(socket_, asio::buffer(bytes) + taken, as_value);
    if (broken) co_return std::unexpected(failure_of(broken, armed.passed()));
    co_return Result<void>{};
}

void TcpStream::close() noexcept {
    asio::error_code ignored;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    socket_.close(ignored);
}

}  // namespace maildoctor::net
