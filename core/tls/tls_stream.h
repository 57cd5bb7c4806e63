// OpenSSL between memory BIOs over any Stream: the handshake driver and the encrypted stream.
// For the .cpp files of this room only.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "core/net/stream.h"
#include "core/tls/openssl_ptr.h"

namespace maildoctor::tls {

class SessionKeeper;

class TlsStream final : public net::Stream {
public:
    /// Takes a configured client session over a plain stream.
    TlsStream(SslPtr ssl, net::StreamPtr plain);
    ~TlsStream() override;

    /// Runs the handshake. Failures as for Client::handshake.
    Task<Result<void>> handshake(Deadline deadline);

    /// Asks for a second handshake over the same connection (RFC 5246 section 7.4.1.1); no failure when the
    /// server went along. The stream is of no more use after a failure.
    Task<Result<void>> renegotiate(Deadline deadline);
    /// When the stream closes its session goes there: TLS 1.3 gives it some time after the handshake.
    void leave_session_to(std::shared_ptr<SessionKeeper> keeper) { keeper_ = std::move(keeper); }

    Task<Result<std::string>> read_some(std::size_t limit, Deadline deadline) override;
    Task<Result<void>> write(std::string bytes, Deadline deadline) override;
    void close() noexcept override;

    SSL* ssl() const noexcept { return ssl_.get(); }
    /// The fatal alert that the peer sent, if any.
    std::optional<int> alert() const noexcept { return alert_; }
    /// What the peer sent first, up to 512 octets: readable when it is not TLS.
    const std::string& first_octets() const noexcept { return first_; }
    bool peer_is_not_tls() const noexcept;

private:
    Task<Result<void>> flush(Deadline deadline);
    Task<Result<void>> fill(Deadline deadline);
    int read_now(std::size_t limit, std::string& out);
    Failure failure_of(int ssl_error);
    static void on_info(const SSL* ssl, int where, int value);

    SslPtr ssl_;
    net::StreamPtr plain_;
    BIO* in_;   // owned by ssl_
    BIO* out_;  // owned by ssl_
    std::optional<int> alert_;
    std::string first_;
    bool plain_ended_{false};
    std::shared_ptr<SessionKeeper> keeper_;
};

}  // namespace maildoctor::tls
