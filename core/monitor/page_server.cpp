#include "core/monitor/page_server.h"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/ThreadPool.h>
#include <Poco/Timespan.h>

#include <utility>

#include "core/model/text.h"

namespace maildoctor::monitor {
namespace {

using Poco::Net::HTTPResponse;
using Poco::Net::HTTPServerRequest;
using Poco::Net::HTTPServerResponse;

constexpr int max_requests = 16;
constexpr int max_waiting = 64;
constexpr long request_seconds = 10;

class Handler final : public Poco::Net::HTTPRequestHandler {
public:
    explicit Handler(const FindPage& find) : find_(find) {}

    void handleRequest(HTTPServerRequest& request, HTTPServerResponse& response) override {
        response.set("X-Content-Type-Options", "nosniff");
        response.set("Content-Security-Policy", "default-src 'none'");
        response.set("Cache-Control", "no-store");
        const bool head = request.getMethod() == "HEAD";
        if (!head && request.getMethod() != "GET") {
            response.set("Allow", "GET, HEAD");
            return refuse(response, HTTPResponse::HTTP_METHOD_NOT_ALLOWED);
        }
        const std::string& uri = request.getURI();
        const auto page = find_(std::string_view(uri).substr(0, uri.find('?')));
        if (!page) return refuse(response, HTTPResponse::HTTP_NOT_FOUND);
        response.setContentType(page->content_type);
        response.setContentLength64(static_cast<Poco::Int64>(page->body.size()));
        std::ostream& out = response.send();
        if (!head) out << page->body;
    }

private:
    static void refuse(HTTPServerResponse& response, HTTPResponse::HTTPStatus status) {
        response.setStatusAndReason(status);
        response.setContentType("text/plain; charset=utf-8");
        const std::string body = HTTPResponse::getReasonForStatus(status) + "\n";
        response.setContentLength64(static_cast<Poco::Int64>(body.size()));
        response.send() << body;
    }

    const FindPage& find_;
};

class Factory final : public Poco::Net::HTTPRequestHandlerFactory {
public:
    explicit Factory(FindPage find) : find_(std::move(find)) {}
    Poco::Net::HTTPRequestHandler* createRequestHandler(const HTTPServerRequest& /*request*/) override {
        return new Handler(find_);  // NOLINT(cppcoreguidelines-owning-memory): Poco takes it
    }

private:
    FindPage find_;
};

class Server final : public PageServer {
public:
    Server(const Poco::Net::ServerSocket& socket, FindPage find)
        : address_(socket.address().toString()),
          threads_(1, max_requests),
          server_(new Factory(std::move(find)), threads_, socket, params()) {
        server_.start();
    }
    ~Server() override {
        try {
            server_.stopAll(true);
        } catch (const Poco::Exception&) {  // NOLINT(bugprone-empty-catch): it ends either way
        }
    }

    std::string address() const override { return address_; }

private:
    static Poco::Net::HTTPServerParams::Ptr params() {
        Poco::Net::HTTPServerParams::Ptr params = new Poco::Net::HTTPServerParams;
        params->setMaxThreads(max_requests);
        params->setMaxQueued(max_waiting);
        params->setTimeout(Poco::Timespan(request_seconds, 0));
        params->setKeepAlive(false);
        params->setSoftwareVersion("");
        return params;
    }

    std::string address_;
    Poco::ThreadPool threads_;
    Poco::Net::HTTPServer server_;
};

}  // namespace

std::expected<std::unique_ptr<PageServer>, std::string> serve_pages(const std::string& listen,
                                                                    FindPage find) {
    try {
        Poco::Net::ServerSocket socket;
        socket.bind(Poco::Net::SocketAddress(listen), true,
                    false);  // address yes, port no: one server at a time
        socket.listen(max_waiting);
        return std::make_unique<Server>(socket, std::move(find));
    } catch (const Poco::Exception& error) {
        constexpr std::size_t longest = 200;
        return std::unexpected(cleaned("cannot listen on " + listen + ": " + error.displayText(), longest));
    }
}

}  // namespace maildoctor::monitor
