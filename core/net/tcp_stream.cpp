#include "core/net/tcp_stream.h"

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
}

TcpStream::~TcpStream() {
    close();
}

Task<Result<std::string>> TcpStream::read_some(std::size_t limit, Deadline deadline) {
    if (co_await async::cancelled()) co_return failed(Stage::command, FailureKind::cancelled, "stopped");
    std::string bytes(limit, '\0');
    // Most reads find data waiting: try without the reactor first.
    asio::error_code error;
    socket_.non_blocking(true, error);
    std::size_t size = socket_.read_some(asio::buffer(bytes), error);
    if (error == asio::error::would_block || error == asio::error::try_again) {
        if (deadline.passed())
            co_return failed(Stage::command, FailureKind::timed_out, "no answer within the time limit");
        const Limit armed(limit_, socket_, deadline);
        std::tie(error, size) = co_await socket_.async_read_some(asio::buffer(bytes), as_value);
        if (error && error != asio::error::eof) co_return std::unexpected(failure_of(error, armed.passed()));
    }
    if (error && error != asio::error::eof) co_return std::unexpected(failure_of(error, false));
    bytes.resize(error ? 0 : size);
    co_return bytes;
}

Task<Result<void>> TcpStream::write(std::string bytes, Deadline deadline) {
    const WipeAtEnd no_copy_stays(bytes);  // it may hold a password
    if (co_await async::cancelled()) co_return failed(Stage::command, FailureKind::cancelled, "stopped");
    const Limit armed(limit_, socket_, deadline);
    auto [error, size] = co_await asio::async_write(socket_, asio::buffer(bytes), as_value);
    if (error) co_return std::unexpected(failure_of(error, armed.passed()));
    co_return Result<void>{};
}

void TcpStream::close() noexcept {
    asio::error_code ignored;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    socket_.close(ignored);
}

}  // namespace maildoctor::net
