#include "core/http/fetch.h"

#include <asio.hpp>
#include <catch2/catch.hpp>
#include <deque>

#include "core/async/loop.h"
#include "tests/mail/scripted_stream.h"

using namespace maildoctor;
using namespace std::chrono_literals;
using http::Refusal;
using testing::ScriptedStream;

namespace {

/// A network of scripts: each connection takes the next one, and says to whom it was made.
struct Network {
    std::deque<std::string> scripts{};
    std::vector<std::string> visited{};
    std::vector<std::shared_ptr<ScriptedStream>> streams{};
};

Task<Result<net::StreamPtr>> connect(std::shared_ptr<Network> network, HostName host, Port port) {
    network->visited.push_back(host.text() + ":" + std::to_string(port.number()));
    if (network->scripts.empty()) co_return failed(Stage::connect, FailureKind::refused);
    auto stream = std::make_shared<ScriptedStream>(network->scripts.front());
    network->scripts.pop_front();
    network->streams.push_back(stream);
    co_return stream;
}

http::Answer fetch(const std::shared_ptr<Network>& network, http::Query query) {
    auto transport = std::make_shared<http::Transport>();
    transport->connect = [network](HostName host, Port port, Deadline) {
        return connect(network, std::move(host), port);
    };
    transport->secure = [](HostName, net::StreamPtr plain, Deadline deadline) {
        return ScriptedStream::upgrade()(std::move(plain), deadline);
    };
    async::Loop loop;
    return loop.run_for(http::fetch(transport, std::move(query), Deadline::after(5s)));
}

std::shared_ptr<Network> network(std::deque<std::string> scripts) {
    return std::make_shared<Network>(Network{.scripts = std::move(scripts)});
}

std::string get(const std::string& host, const std::string& target) {
    return "T: verified\nC: GET " + target + " HTTP/1.1\nC: Host: " + host +
           "\nC: User-Agent: maildoctor\nC: Accept: */*\nC: Connection: close\nC: \n";
}

}  // namespace

TEST_CASE("http fetch: a document over HTTPS", "[http]") {
    const auto net =
        network({get("a.test", "/x?y=z%40") + "S: HTTP/1.1 200 OK\nS: Content-Length: 4\nS: \nS* <a/>\n"});
    const auto answer = fetch(net, {.url = "https://a.test/x?y=z%40"});
    REQUIRE(answer.response);
    CHECK(answer.response->body == "<a/>");
    CHECK(answer.https);
    CHECK(net->visited == std::vector<std::string>{"a.test:443"});
    CHECK(net->streams.front()->surprises().empty());
}

TEST_CASE("http fetch: a login page is an answer, and nothing is sent to it", "[http]") {
    const auto net =
        network({get("a.test", "/") +
                 "S: HTTP/1.1 401 Unauthorized\nS: WWW-Authenticate: Basic\nS: Content-Length: 0\nS: \n"});
    const auto answer = fetch(net, {.url = "https://a.test/"});
    REQUIRE(answer.response);
    CHECK(answer.response->status == 401);
    CHECK(net->visited.size() == 1);
    CHECK(net->streams.front()->sent().find("Authorization") == std::string::npos);
}

TEST_CASE("http fetch: redirects are followed from HTTPS to HTTPS only", "[http]") {
    const auto redirect = [](const std::string& to) {
        return get("a.test", "/") + "S: HTTP/1.1 302 Found\nS: Location: " + to +
               "\nS: Content-Length: 0\nS: \n";
    };
    SECTION("relative and to another host") {
        const auto net =
            network({redirect("/next"),
                     get("a.test", "/next") +
                         "S: HTTP/1.1 301 M\nS: Location: https://b.test/c\nS: Content-Length: 0\nS: \n",
                     get("b.test", "/c") + "S: HTTP/1.1 200 OK\nS: Content-Length: 1\nS: \nS* x\n"});
        const auto answer = fetch(net, {.url = "https://a.test/"});
        REQUIRE(answer.response);
        CHECK(answer.url == "https://b.test/c");
        CHECK(answer.redirects.size() == 2);
        CHECK(answer.https);
    }
    const auto refused = [&](const std::string& to) {
        const auto net = network({redirect(to)});
        const auto answer = fetch(net, {.url = "https://a.test/"});
        CHECK_FALSE(answer.response);
        CHECK(net->visited.size() == 1);
        return answer.refusal;
    };
    CHECK(refused("http://a.test/") == Refusal::leaves_https);
    CHECK(refused("https://a.test:8443/") == Refusal::bad_url);
    CHECK(refused("https://u:p@a.test/") == Refusal::bad_url);
    CHECK(refused("file:///etc/passwd") == Refusal::bad_url);
    SECTION("for ever") {
        const auto net = network(std::deque<std::string>(20, redirect("https://a.test/")));
        const auto answer = fetch(net, {.url = "https://a.test/"});
        CHECK(answer.refusal == Refusal::too_many_redirects);
        CHECK(net->visited.size() == 6);
    }
}

TEST_CASE("http fetch: a bad certificate ends it before anything is sent", "[http]") {
    const auto net = network({"T: unverified\n"});
    const auto answer = fetch(net, {.url = "https://a.test/"});
    CHECK(answer.refusal == Refusal::bad_certificate);
    CHECK_FALSE(answer.response);
    CHECK(net->streams.front()->sent().empty());
}

TEST_CASE("http fetch: a POST carries its body", "[http]") {
    const auto net =
        network({"T: verified\nC: POST /p HTTP/1.1\nC: Host: a.test\nC: User-Agent: maildoctor\nC: Accept: "
                 "*/*\nC: Connection: close\n"
                 "C: Content-Type: text/xml; charset=utf-8\nC: Content-Length: 6\nC: \nC: <a/>\nS: HTTP/1.1 "
                 "200 OK\nS: Content-Length: 0\nS: \n"});
    const auto answer = fetch(
        net, {.url = "https://a.test/p", .body = "<a/>\r\n", .content_type = "text/xml; charset=utf-8"});
    REQUIRE(answer.response);
    CHECK(answer.response->status == 200);
}

TEST_CASE("http url: only what discovery may ask", "[http]") {
    CHECK(http::parse_url("https://a.test/x"));
    CHECK(http::parse_url("http://a.test"));
    for (const char* text :
         {"https://a.test:444/", "http://a.test:443/", "ftp://a.test/", "https://u@a.test/", "https:///x",
          "https://a b/", "https://a.test/\r\nX: y", ""})
        CHECK_FALSE(http::parse_url(text));
}

namespace {

/// Counts who has leave to connect to loopback, and gives none once `most` have it.
struct Gate {
    int inside{0}, most{1};
    std::vector<IpAddress> asked{};
};

Task<std::shared_ptr<void>> admit(std::shared_ptr<Gate> gate, std::vector<IpAddress> addresses) {
    gate->asked = std::move(addresses);
    if (gate->inside == gate->most) co_return nullptr;
    ++gate->inside;
    co_return std::shared_ptr<void>(gate.get(), [gate](void*) { --gate->inside; });
}

Result<net::StreamPtr> connect_through(const std::shared_ptr<Gate>& gate, async::Loop& loop, Port port) {
    const auto transport = http::network_transport(
        std::make_shared<dns::Resolver>(dns::Config{}), nullptr, true,
        [gate](std::vector<IpAddress> addresses, Deadline) { return admit(gate, std::move(addresses)); });
    return loop.run_for(transport.connect(*HostName::from("127.0.0.1"), port, Deadline::after(5s)));
}

}  // namespace

TEST_CASE("admission: is asked with the addresses, and held as long as the connection", "[http]") {
    asio::io_context io;
    const asio::ip::tcp::acceptor listener(io, {asio::ip::make_address("127.0.0.1"), 0});
    const Port port = *Port::from(listener.local_endpoint().port());
    const auto gate = std::make_shared<Gate>();
    async::Loop loop;
    const auto first = connect_through(gate, loop, port);
    REQUIRE(first);
    CHECK(gate->asked == std::vector{IpAddress::v4({127, 0, 0, 1})});
    CHECK(gate->inside == 1);
    const auto second = connect_through(gate, loop, port);
    REQUIRE_FALSE(second);
    CHECK(second.error().kind == FailureKind::out_of_time);
    (*first)->close();
    CHECK(gate->inside == 0);
    CHECK(connect_through(gate, loop, port));
    CHECK(gate->inside == 0);
}
