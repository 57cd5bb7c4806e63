// A name server for tests, on loopback, in its own thread: what it answers is a function of the question.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/platform/resolver_config.h"

namespace maildoctor::test {

/// One message that goes back.
struct Sent {
    std::string bytes;
    std::chrono::milliseconds delay{0};
    bool from_elsewhere{false};  ///< from another socket than the one that was asked (UDP)
};

struct Asked {
    std::string bytes;   ///< the query's octets
    std::string name{};  ///< lower case, no final dot
    int type{};
    bool tcp{false};
    bool dnssec_ok{false}, checking_disabled{false}, recursion_desired{false}, edns{false};
    int count{};  ///< 1 for the first query to this server
    std::uint16_t source_port{};
};

using Script = std::function<std::vector<Sent>(const Asked&)>;

/// Listens on UDP and TCP of one port of 127.0.0.1 until destroyed.
class TestServer {
public:
    /// @param raw the script gets the octets alone, nothing is parsed for it
    explicit TestServer(Script script, bool raw = false);
    ~TestServer();
    TestServer(const TestServer&) = delete;
    TestServer& operator=(const TestServer&) = delete;

    platform::NameServer address() const { return {.address = IpAddress::v4({127, 0, 0, 1}), .port = port_}; }
    int asked() const { return count_.load(); }

private:
    void serve();
    void serve_udp();
    void serve_tcp();
    Script script_;
    bool raw_;
    std::uint16_t port_{};
    int udp_{-1}, tcp_{-1}, elsewhere_{-1};
    std::atomic<int> count_{0};
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

/// An answer to `asked` with the given records ("name 60 IN A 192.0.2.1"), in zone file form.
struct AnswerParts {
    std::vector<std::string> answer{}, authority{}, additional{};
    int rcode{0};
    bool truncated{false}, authoritative{false};
    std::string edns_options{};  ///< raw octets
};
std::string answer_to(const Asked& asked, const AnswerParts& parts);

/// Reads a query's octets.
Asked read_query(std::string_view bytes);

/// A loopback port where nobody listens.
platform::NameServer nobody();

}  // namespace maildoctor::test
