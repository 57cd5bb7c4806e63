// A real Redis server of our own on a free port of loopback, without files.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace tests {

class RedisServer {
public:
    /// @return nothing where no redis-server is installed
    static std::unique_ptr<RedisServer> start(const std::vector<std::string>& more = {});
    ~RedisServer();
    RedisServer(const RedisServer&) = delete;
    RedisServer& operator=(const RedisServer&) = delete;

    std::uint16_t port() const { return port_; }
    /// Kills the server at once and starts it again on the same port.
    void restart();
    void kill();

private:
    struct Inside;
    explicit RedisServer(std::unique_ptr<Inside> inside);
    bool launch();

    std::uint16_t port_;
    std::unique_ptr<Inside> inside_;
};

}  // namespace tests
