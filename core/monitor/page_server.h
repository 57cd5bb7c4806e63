// A small HTTP server for monitoring: a few pages that are read, nothing that is written.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace maildoctor::monitor {

struct Page {
    std::string content_type{};
    std::string body{};
};

/// Gives the page of a path ("/metrics"), or nothing where there is none. Called from several threads.
using FindPage = std::function<std::optional<Page>(std::string_view path)>;

class PageServer {
public:
    virtual ~PageServer() = default;
    PageServer(const PageServer&) = delete;
    PageServer& operator=(const PageServer&) = delete;

    /// Where it listens, with the real port: "127.0.0.1:9115".
    virtual std::string address() const = 0;

protected:
    PageServer() = default;
};

/// Listens and answers GET and HEAD on threads of its own until it goes away. Everything else is 405, an
/// unknown path 404. At most 16 requests at once, 10 seconds each.
/// @param listen ADDRESS:PORT; port 0 takes a free one
/// @return one line that says why it cannot listen there
std::expected<std::unique_ptr<PageServer>, std::string> serve_pages(const std::string& listen, FindPage find);

}  // namespace maildoctor::monitor
