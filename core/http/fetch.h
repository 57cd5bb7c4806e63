// Getting one document over HTTP or HTTPS, carefully: for settings that strangers publish.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/async/deadline.h"
#include "core/async/task.h"
#include "core/dns/resolver.h"
#include "core/http/response.h"
#include "core/model/boxed.h"
#include "core/model/facts.h"
#include "core/model/host_name.h"
#include "core/model/result.h"
#include "core/net/stream.h"
#include "core/tls/client.h"

namespace maildoctor::http {

inline constexpr int max_redirects = 5;

struct Url {
    bool https{true};
    HostName host;
    Port port;
    std::string target{};  ///< path and query as they are sent, begins with '/'

    std::string text() const;
};

/// Reads an absolute http or https URL. @return nothing for another scheme, a host that is none, user
/// information, or a port other than 443 (https) and 80 (http)
std::optional<Url> parse_url(std::string_view text);
/// The target of a redirect, relative to `base` (RFC 3986 section 5).
std::optional<Url> resolve(const Url& base, std::string_view location);

struct Query {
    std::string url{};
    std::string body{};  ///< with a body it is a POST, else a GET
    std::string content_type{};
    bool follow_redirects{true};  ///< else a redirect is the answer
};

/// What stopped a fetch before an answer came, beside failures of the network.
enum class Refusal : std::uint8_t {
    none,
    bad_url,          ///< scheme, port or form of the address
    local_address,    ///< the host is this computer or its link
    bad_certificate,  ///< chain, name or date: see `tls`
    leaves_https,     ///< a redirect to plain HTTP
    redirect,         ///< a redirect of a plain HTTP answer, which is not followed
    too_many_redirects,
};

struct Answer {
    std::string url{};                     ///< the last one asked
    std::vector<std::string> redirects{};  ///< targets followed, in order
    bool https{false};                     ///< every hop was HTTPS with a good certificate
    std::optional<Response> response{};    ///< of the last hop; any status, 401 included
    Refusal refusal{Refusal::none};
    std::optional<Failure> failure{};  ///< why there is no response
    Boxed<TlsFacts> tls{};             ///< of the last hop
};

/// How a hop gets its connection; tests put a script in its place.
struct Transport {
    /// A plain connection to the host, or why not. `local_address` is a `rejected` failure.
    std::function<Task<Result<net::StreamPtr>>(HostName host, Port port, Deadline deadline)> connect;
    std::function<Task<net::UpgradeResult>(HostName host, net::StreamPtr plain, Deadline deadline)> secure;
};

/// Asked before a connection is made: what it gives is kept as long as the connection is open, and null means
/// that there is no leave to connect. It may wait.
using Admission =
    std::function<Task<std::shared_ptr<void>>(std::vector<IpAddress> addresses, Deadline deadline)>;

/// Connects through the resolver; loopback and link-local addresses are refused unless `allow_local`.
Transport network_transport(std::shared_ptr<dns::Resolver> resolver, std::shared_ptr<tls::Client> tls,
                            bool allow_local, Admission admission = {});

/// Asks once and follows redirects from HTTPS to HTTPS, five at most. Sends no credential ever.
/// Ends by the deadline or after limits::http, whichever is first.
Task<Answer> fetch(std::shared_ptr<const Transport> transport, Query query, Deadline deadline);

}  // namespace maildoctor::http
