// A TCP connection as a Stream.
#pragma once

#include <asio/ip/tcp.hpp>
#include <memory>
#include <optional>
#include <string>

#include "core/net/stream.h"

namespace maildoctor::net {

/// A connected socket with TCP_NODELAY on. Each operation has an own deadline; when it passes, only that
/// operation fails and the stream stays usable.
class TcpStream final : public Stream {
public:
    explicit TcpStream(asio::ip::tcp::socket socket);
    ~TcpStream() override;

    Task<Result<std::string>> read_some(std::size_t limit, Deadline deadline) override;
    Task<Result<void>> write(std::string bytes, Deadline deadline) override;
    void close() noexcept override;

private:
    std::optional<Result<std::string>> read_now(std::size_t limit);

    asio::ip::tcp::socket socket_;
    asio::steady_timer limit_;
};

}  // namespace maildoctor::net
