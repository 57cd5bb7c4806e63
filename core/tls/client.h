// TLS handshakes as a client, driven over any Stream, with every fact kept that a diagnosis may need.
#pragma once

#include <memory>
#include <string>

#include "core/model/host_name.h"
#include "core/model/result.h"
#include "core/net/upgrade.h"

namespace maildoctor::tls {

struct ClientConfig {
    std::string ca_file{};  ///< PEM file in place of the system's authorities
};

/// How one handshake is done.
struct HandshakeOptions {
    HostName host;       ///< expected in the certificate, and sent as SNI unless it is an address literal
    std::string alpn{};  ///< one protocol to offer, or empty
};

/// One SSL_CTX and one trust store for the whole run; made at the first handshake, not before.
/// Safe for use by several loops.
class Client : public std::enable_shared_from_this<Client> {
public:
    /// @return not_possible with one line when the CA file cannot be used
    static Result<std::shared_ptr<Client>> create(ClientConfig config);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// TLS 1.0 to 1.3 with every cipher that OpenSSL has and at security level 0, so that old servers are
    /// seen and named rather than just failing. A certificate that does not verify is recorded and the
    /// handshake goes on.
    /// @return facts always; a stream when the handshake came to its end. Failures: tls_alert (native_code is
    /// the alert),
    ///         tls_error, bad_syntax when the peer answers with something that is not TLS
    ///         (facts.text_answer), timed_out, reset, peer_closed, cancelled
    Task<net::UpgradeResult> handshake(net::StreamPtr plain, HandshakeOptions options, Deadline deadline);

    /// The same as a function for mail dialogs.
    net::Upgrade upgrade(HandshakeOptions options);

    struct State;  // OpenSSL's objects, for the .cpp files of this room
private:
    explicit Client(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace maildoctor::tls
