// TLS handshakes as a client, driven over any Stream, with every fact kept that a diagnosis may need.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/model/host_name.h"
#include "core/model/result.h"
#include "core/net/upgrade.h"

namespace maildoctor::tls {

struct ClientConfig {
    std::string ca_file{};  ///< PEM file in place of the system's authorities
    /// How long the verdict on a chain is remembered. Host name, staple, DANE and revocation are looked at
    /// in each handshake all the same. Zero: every chain is verified anew.
    std::chrono::milliseconds chain_life{std::chrono::minutes{10}};
};

/// A session that one handshake left behind for the next one. Belongs to one loop.
class SessionKeeper;
std::shared_ptr<SessionKeeper> make_session_keeper();
/// Whether what is kept goes by a ticket (RFC 5077) and not by an id that the server remembers.
bool keeps_ticket(const SessionKeeper& keeper) noexcept;

/// How one handshake is done.
struct HandshakeOptions {
    HostName host;       ///< expected in the certificate, and sent as SNI unless it is an address literal
    std::string alpn{};  ///< one protocol to offer, or empty
    /// Takes up the session that is kept there, if any, and leaves the new one there when the stream closes:
    /// TlsFacts::resumed tells whether the server went along.
    std::shared_ptr<SessionKeeper> keeper{};
    bool up_to_1_2{false};    ///< TLS 1.3 is not offered
    bool tickets{false};      ///< tickets may be given (RFC 5077); else up to TLS 1.2 sessions go by their id
    bool renegotiate{false};  ///< ask for a second handshake at once: TlsFacts::renegotiated
    bool transparency{false};  ///< ask for certificate timestamps and count them: TlsFacts::scts
};

/// Where and how to ask whether a certificate was revoked. Empty members: the certificate names no such
/// place.
struct RevocationQuestion {
    std::string ocsp_url{};
    std::string ocsp_request{};  ///< DER, to be posted as application/ocsp-request (RFC 6960 appendix A)
    std::string crl_url{};
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

    /// How to learn whether a certificate that was presented in this run is revoked.
    /// @param sha256 its fingerprint, as in CertificateFacts; @return nothing for one that was not seen, or
    /// whose issuer is not known
    std::optional<RevocationQuestion> revocation_question(const std::string& sha256) const;
    /// What an OCSP answer or a revocation list (RFC 5280 section 5) says about the certificate: unknown when
    /// it cannot be read, is out of date or not signed by whom it should.
    Revocation read_ocsp(const std::string& sha256, std::string_view der) const;
    Revocation read_crl(const std::string& sha256, std::string_view der) const;

    /// Chains that were verified so far; less than the handshakes when verdicts are remembered.
    std::uint64_t verifications() const noexcept;

    struct State;  // OpenSSL's objects, for the .cpp files of this room
private:
    explicit Client(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace maildoctor::tls
