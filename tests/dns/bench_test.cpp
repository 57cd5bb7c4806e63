// What a question costs this program. Hidden: run with "[.bench]", in a release build.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <asio/this_coro.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdio>
#include <string>

#include "core/async/loop.h"
#include "core/async/when_all.h"
#include "core/dns/packet.h"
#include "core/dns/resolver.h"
#include "tests/dns/test_server.h"

using namespace maildoctor;
using namespace maildoctor::dns;
using namespace std::chrono_literals;

namespace {

/// CPU time of this thread, user and system.
std::chrono::microseconds cpu_time() {
    rusage usage{};
    getrusage(RUSAGE_THREAD, &usage);
    const auto of = [](const timeval& t) {
        return std::chrono::seconds(t.tv_sec) + std::chrono::microseconds(t.tv_usec);
    };
    return of(usage.ru_utime) + of(usage.ru_stime);
}

/// Echoes the question with one fixed A record, without parsing: cheap enough not to hold the client up.
std::vector<test::Sent> quick(const test::Asked& asked) {
    std::string answer = asked.bytes.substr(0, asked.bytes.size() - 11);  // without the OPT record
    answer[2] = '\x81';
    answer[3] = '\x80';
    answer[7] = 1;
    answer[11] = 0;
    answer += std::string("\xc0\x0c\0\1\0\1\0\0\1\0\0\4\xc0\0\2\1", 16);
    return {{.bytes = std::move(answer)}};
}

/// The system's part of one exchange, in microseconds of CPU.
double bare_exchange(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    REQUIRE(connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    const std::string query = *make_query({.name = "n1.example.test", .type = RecordType::a}, QueryOptions{});
    std::array<char, 2000> buffer{};
    constexpr int count = 20000;
    const auto before = cpu_time();
    for (int i = 0; i < count; ++i) {
        REQUIRE(send(fd, query.data(), query.size(), 0) > 0);
        REQUIRE(recv(fd, buffer.data(), buffer.size(), 0) > 0);
    }
    const auto spent = cpu_time() - before;
    close(fd);
    return std::chrono::duration<double, std::micro>(spent).count() / count;
}

Task<void> worker(std::shared_ptr<Resolver> resolver, int from, int to, std::shared_ptr<int> found) {
    for (int i = from; i < to; ++i) {
        const DnsFacts facts = co_await resolver->lookup("n" + std::to_string(i) + ".example.test",
                                                         RecordType::a, Deadline::after(10s));
        *found += facts.status == DnsStatus::found ? 1 : 0;
    }
}

Task<void> many(std::shared_ptr<Resolver> resolver, int count, int at_once, std::shared_ptr<int> found) {
    async::Group group(co_await asio::this_coro::executor);
    for (int i = 0; i < at_once; ++i)
        group.start(worker(resolver, count / at_once * i, count / at_once * (i + 1), found));
    co_await group.wait();
}

}  // namespace

TEST_CASE("bench: CPU time of a plain look-up", "[.bench]") {
    const test::TestServer server(quick, true);
    std::printf("send and receive alone: %.2f us CPU\n", bare_exchange(server.address().port));
    Config config;
    config.servers = {server.address()};
    config.validate = false;
    constexpr int count = 40000;
    for (const int at_once : {1, 16, 64}) {
        const auto resolver = std::make_shared<Resolver>(config);
        const auto found = std::make_shared<int>(0);
        async::Loop loop;
        const auto before = cpu_time();
        const auto began = Clock::now();
        loop.run(many(resolver, count, at_once, found));
        const double cpu = std::chrono::duration<double, std::micro>(cpu_time() - before).count() / count;
        const double wall = std::chrono::duration<double, std::micro>(Clock::now() - began).count() / count;
        std::printf("%d at once: %.2f us CPU, %.2f us wall a look-up, %d of %d found\n", at_once, cpu, wall,
                    *found, count);
        CHECK(*found == count / at_once * at_once);
    }
}
