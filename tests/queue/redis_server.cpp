#include "tests/queue/redis_server.h"

#include <Poco/Exception.h>
#include <Poco/File.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/Process.h>
#include <Poco/TemporaryFile.h>
#include <Poco/Thread.h>

#include <utility>

namespace tests {
namespace {

constexpr const char* program = "/usr/bin/redis-server";

std::uint16_t free_port() {
    const Poco::Net::ServerSocket socket(Poco::Net::SocketAddress("127.0.0.1", 0));
    return socket.address().port();
}

bool answers(std::uint16_t port) {
    try {
        Poco::Net::StreamSocket socket;
        socket.connect(Poco::Net::SocketAddress("127.0.0.1", port), Poco::Timespan(0, 200000));
        return true;
    } catch (const Poco::Exception&) {
        return false;
    }
}

}  // namespace

struct RedisServer::Inside {
    std::vector<std::string> more;
    Poco::TemporaryFile folder{};
    std::unique_ptr<Poco::ProcessHandle> process{};
};

RedisServer::RedisServer(std::unique_ptr<Inside> inside) : port_(free_port()), inside_(std::move(inside)) {}

std::unique_ptr<RedisServer> RedisServer::start(const std::vector<std::string>& more) {
    if (!Poco::File(program).exists()) return nullptr;
    std::unique_ptr<RedisServer> server(new RedisServer(std::make_unique<Inside>(more)));
    Poco::File(server->inside_->folder.path()).createDirectories();
    return server->launch() ? std::move(server) : nullptr;
}

bool RedisServer::launch() {
    Poco::Process::Args args = {"--port",        std::to_string(port_),
                                "--bind",        "127.0.0.1",
                                "--dir",         inside_->folder.path(),
                                "--appendonly",  "yes",
                                "--appendfsync", "always",
                                "--save",        "",
                                "--logfile",     inside_->folder.path() + "/log"};
    args.insert(args.end(), inside_->more.begin(), inside_->more.end());
    inside_->process = std::make_unique<Poco::ProcessHandle>(Poco::Process::launch(program, args));
    for (int i = 0; i < 200; ++i) {
        if (answers(port_)) return true;
        Poco::Thread::sleep(50);
    }
    return false;
}

void RedisServer::kill() {
    if (!inside_->process) return;
    Poco::Process::kill(*inside_->process);
    inside_->process->wait();
    inside_->process.reset();
}

void RedisServer::restart() {
    kill();
    launch();
}

RedisServer::~RedisServer() {
    try {
        kill();
    } catch (const Poco::Exception&) {  // gone already
    }
}

}  // namespace tests
