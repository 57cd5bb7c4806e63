#include "core/http/fetch.h"

#include <Poco/Net/HTTPRequest.h>
#include <Poco/URI.h>

#include <sstream>
#include <utility>

#include "core/model/text.h"
#include "core/net/connect.h"

namespace maildoctor::http {
namespace {

constexpr std::size_t max_url = 4096;
constexpr std::size_t read_step = 16 * 1024;

std::optional<Url> from_uri(const Poco::URI& uri) {
    const bool https = uri.getScheme() == "https";
    if (!https && uri.getScheme() != "http") return std::nullopt;
    if (!uri.getUserInfo().empty() || uri.getPort() != (https ? 443 : 80)) return std::nullopt;
    auto host = HostName::from(uri.getHost());
    if (!host) return std::nullopt;
    std::string target = uri.getPathAndQuery();
    if (!target.starts_with('/')) target.insert(0, "/");
    return Url{
        .https = https, .host = std::move(*host), .port = *Port::from(https ? 443 : 80), .target = target};
}

/// Printable ASCII only: nothing may break out of the request line.
bool is_plain(std::string_view text) {
    if (text.empty() || text.size() > max_url) return false;
    for (const char c : text)
        if (c <= ' ' || c >= '\x7F') return false;
    return true;
}

std::string host_field(const Url& url) {
    const auto literal = url.host.literal();
    return literal && literal->is_v6() ? "[" + url.host.text() + "]" : url.host.text();
}

std::string request_text(const Url& url, const Query& query) {
    Poco::Net::HTTPRequest request(query.body.empty() ? "GET" : "POST", url.target, "HTTP/1.1");
    request.set("Host", host_field(url));
    request.set("User-Agent", "maildoctor");
    request.set("Accept", "*/*");
    request.set("Connection", "close");
    if (!query.body.empty()) {
        request.set("Content-Type", query.content_type);
        request.set("Content-Length", std::to_string(query.body.size()));
    }
    std::ostringstream out;
    request.write(out);
    return out.str() + query.body;
}

Task<Result<Response>> exchange(net::StreamPtr stream, std::string request, Deadline deadline) {
    auto written = co_await stream->write(std::move(request), deadline);
    if (!written) co_return std::unexpected(std::move(written).error());
    ResponseReader reader;
    while (true) {
        auto bytes = co_await stream->read_some(read_step, deadline);
        if (!bytes) co_return std::unexpected(std::move(bytes).error());
        if (bytes->empty()) {
            if (auto end = reader.end(); !end) co_return std::unexpected(std::move(end).error());
            co_return reader.response();
        }
        auto complete = reader.feed(*bytes);
        if (!complete) co_return std::unexpected(std::move(complete).error());
        if (*complete) co_return reader.response();
    }
}

/// One hop: fills the answer's response or says why there is none.
Task<void> ask(std::shared_ptr<const Transport> transport, Url url, Query query, Deadline deadline,
               std::shared_ptr<Answer> answer) {
    auto stream = co_await transport->connect(url.host, url.port, deadline);
    if (!stream) {
        answer->failure = std::move(stream).error();
        if (answer->failure->kind == FailureKind::rejected) answer->refusal = Refusal::local_address;
        co_return;
    }
    net::StreamPtr line = *stream;
    if (url.https) {
        auto secured = co_await transport->secure(url.host, line, deadline.within(limits::handshake));
        answer->tls = std::move(secured.facts);
        if (!secured.stream || !answer->tls->verified) {
            line->close();
            if (secured.stream) answer->refusal = Refusal::bad_certificate;
            answer->failure =
                secured.failure.value_or(Failure{.stage = Stage::tls_handshake,
                                                 .kind = FailureKind::tls_error,
                                                 .text = "the certificate is not good for this name"});
            co_return;
        }
        line = secured.stream;
    } else {
        answer->https = false;
    }
    auto response = co_await exchange(line, request_text(url, query), deadline);
    line->close();
    if (response) {
        answer->response = std::move(*response);
    } else {
        answer->failure = std::move(response).error();
        answer->failure->stage = Stage::http;
    }
}

bool is_redirect(const Response& response) {
    switch (response.status) {
        case 301:
        case 302:
        case 303:
        case 307:
        case 308:
            return !response.location.empty();
        default:
            return false;
    }
}

void refuse(Answer& answer, Refusal refusal, std::string text) {
    answer.refusal = refusal;
    answer.failure = Failure{.stage = Stage::http, .kind = FailureKind::rejected, .text = std::move(text)};
}

bool is_local(const IpAddress& address) {
    return address.is_loopback() || address.is_link_local() || address.is_unspecified();
}

/// A stream that gives its leave to connect back when it closes.
class AdmittedStream final : public net::Stream {
public:
    AdmittedStream(net::StreamPtr stream, std::shared_ptr<void> leave)
        : stream_(std::move(stream)), leave_(std::move(leave)) {}

    Task<Result<std::string>> read_some(std::size_t limit, Deadline deadline) override {
        return stream_->read_some(limit, deadline);
    }
    Task<Result<void>> write(std::string bytes, Deadline deadline) override {
        return stream_->write(std::move(bytes), deadline);
    }
    void close() noexcept override {
        stream_->close();
        leave_.reset();
    }

private:
    net::StreamPtr stream_;
    std::shared_ptr<void> leave_;
};

Task<Result<net::StreamPtr>> connect_to(std::shared_ptr<dns::Resolver> resolver, bool allow_local,
                                        Admission admission, HostName host, Port port, Deadline deadline) {
    const dns::HostAddresses found = co_await resolver->addresses(host, deadline);
    std::vector<IpAddress> addresses;
    bool local = false;
    for (const IpAddress& address : found.addresses) {
        if (allow_local || !is_local(address)) {
            addresses.push_back(address);
        } else {
            local = true;
        }
    }
    if (addresses.empty() && local)
        co_return failed(Stage::connect, FailureKind::rejected,
                         "the name leads to this computer; see --allow-local");
    if (addresses.empty())
        co_return failed(Stage::dns_lookup, FailureKind::not_possible, found.telling().detail);
    std::shared_ptr<void> leave;
    if (admission) {
        leave = co_await admission(addresses, deadline);
        if (!leave)
            co_return failed(Stage::connect, FailureKind::out_of_time,
                             "the time limit ran out before the server's turn came");
    }
    auto race = co_await net::Race::start(std::move(addresses), port, deadline, {.ask_all = false});
    auto winner = co_await race->winner();
    (void)co_await race->finish();
    if (!winner) co_return std::unexpected(std::move(winner).error());
    if (!leave) co_return winner->stream;
    co_return std::make_shared<AdmittedStream>(winner->stream, std::move(leave));
}

Task<net::UpgradeResult> secure_with(std::shared_ptr<tls::Client> client, HostName host, net::StreamPtr plain,
                                     Deadline deadline) {
    tls::HandshakeOptions options{.host = std::move(host), .alpn = "http/1.1"};
    co_return co_await client->handshake(std::move(plain), std::move(options), deadline);
}

}  // namespace

std::string Url::text() const {
    return (https ? "https://" : "http://") + host_field(*this) + target;
}

std::optional<Url> parse_url(std::string_view text) {
    if (!is_plain(text)) return std::nullopt;
    try {
        return from_uri(Poco::URI(std::string(text)));
    } catch (const Poco::Exception&) {
        return std::nullopt;
    }
}

std::optional<Url> resolve(const Url& base, std::string_view location) {
    if (!is_plain(location)) return std::nullopt;
    try {
        return from_uri(Poco::URI(Poco::URI(base.text()), std::string(location)));
    } catch (const Poco::Exception&) {
        return std::nullopt;
    }
}

Transport network_transport(std::shared_ptr<dns::Resolver> resolver, std::shared_ptr<tls::Client> tls,
                            bool allow_local, Admission admission) {
    return {.connect =
                [resolver = std::move(resolver), allow_local, admission = std::move(admission)](
                    HostName host, Port port, Deadline deadline) {
                    return connect_to(resolver, allow_local, admission, std::move(host), port, deadline);
                },
            .secure =
                [tls = std::move(tls)](HostName host, net::StreamPtr plain, Deadline deadline) {
                    return secure_with(tls, std::move(host), std::move(plain), deadline);
                }};
}

Task<Answer> fetch(std::shared_ptr<const Transport> transport, Query query, Deadline deadline) {
    const Deadline limit = deadline.within(limits::http);
    auto answer = std::make_shared<Answer>();
    answer->url = query.url;
    std::optional<Url> url = parse_url(query.url);
    if (!url) refuse(*answer, Refusal::bad_url, "not an address that is asked");
    if (url) answer->https = url->https;
    while (url) {
        answer->url = url->text();
        answer->response.reset();
        Url now = *url;
        url.reset();
        co_await ask(transport, now, query, limit, answer);
        if (!answer->response || !query.follow_redirects || !is_redirect(*answer->response)) break;
        auto next = resolve(now, answer->response->location);
        const std::string where = cleaned(answer->response->location, 200);
        if (!now.https) {
            refuse(*answer, Refusal::redirect, "a redirect to " + where + " over plain HTTP is not followed");
        } else if (!next) {
            refuse(*answer, Refusal::bad_url, "the redirect leads to " + where);
        } else if (!next->https) {
            refuse(*answer, Refusal::leaves_https, "the redirect leaves HTTPS: " + where);
        } else if (answer->redirects.size() == max_redirects) {
            refuse(*answer, Refusal::too_many_redirects, "more than five redirects");
        } else {
            answer->redirects.push_back(next->text());
            url = std::move(next);
        }
    }
    if (answer->failure && answer->refusal != Refusal::none) answer->response.reset();
    co_return std::move(*answer);
}

}  // namespace maildoctor::http
