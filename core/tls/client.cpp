#include "core/tls/client.h"

#include <openssl/ct.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "core/tls/certificate.h"
#include "core/tls/chain.h"
#include "core/tls/lean_library.h"
#include "core/tls/openssl_ptr.h"
#include "core/tls/revocation.h"
#include "core/tls/session_keeper.h"
#include "core/tls/staple.h"
#include "core/tls/tls_stream.h"

namespace maildoctor::tls {
namespace {

constexpr int weak_rsa_bits = 2048, weak_dh_bits = 1024;
constexpr std::chrono::milliseconds renegotiation_limit{3000};
constexpr long max_chain_octets = 400'000;  // a chain of 200 certificates is read and named, not refused

SslCtxPtr make_context() {
    SslCtxPtr context(SSL_CTX_new_ex(lean_library(), nullptr, TLS_client_method()));
    if (!context) throw std::bad_alloc();
    SSL_CTX* const c = context.get();
    SSL_CTX_set_security_level(c, 0);
    SSL_CTX_set_min_proto_version(c, TLS1_VERSION);
    SSL_CTX_set_cipher_list(c, "ALL:COMPLEMENTOFALL:!aNULL:!eNULL:@SECLEVEL=0");
    SSL_CTX_set1_groups_list(c, "X25519:P-256:P-384:P-521");
    SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(c, SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_NO_TICKET | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(c, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE);
    SSL_CTX_set_max_cert_list(c, max_chain_octets);
    // The chain is verified after the handshake, with every fault collected; OpenSSL shall not stop at the
    // first.
    SSL_CTX_set_cert_verify_callback(c, [](X509_STORE_CTX*, void*) { return 1; }, nullptr);
    SSL_CTX_set_verify(c, SSL_VERIFY_PEER, nullptr);
    ERR_clear_error();
    return context;
}

void configure(SSL* ssl, const HandshakeOptions& options) {
    SSL_set_connect_state(ssl);
    if (!options.host.is_literal()) SSL_set_tlsext_host_name(ssl, options.host.text().c_str());
    SSL_set_tlsext_status_type(ssl, TLSEXT_STATUSTYPE_ocsp);
    if (options.up_to_1_2) SSL_set_max_proto_version(ssl, TLS1_2_VERSION);
    if (options.tickets) SSL_clear_options(ssl, SSL_OP_NO_TICKET);
    if (options.transparency) SSL_enable_ct(ssl, SSL_CT_VALIDATION_PERMISSIVE);
    if (options.keeper) options.keeper->resume(ssl);
    if (options.alpn.empty()) return;
    std::string wire(1, static_cast<char>(options.alpn.size()));
    wire += options.alpn;
    SSL_set_alpn_protos(ssl, reinterpret_cast<const unsigned char*>(wire.data()),
                        static_cast<unsigned>(wire.size()));
}

net::ChannelBindings channel_bindings(TlsStream& stream) {
    SSL* const ssl = stream.ssl();
    constexpr std::string_view label = "EXPORTER-Channel-Binding";  // RFC 9266 section 2
    constexpr std::size_t exported = 32;
    std::array<unsigned char, EVP_MAX_MD_SIZE> octets{};
    net::ChannelBindings out;
    const auto text = [&octets](std::size_t size) {
        return std::string(reinterpret_cast<const char*>(octets.data()), size);
    };
    if (SSL_version(ssl) >= TLS1_3_VERSION) {
        if (SSL_export_keying_material(ssl, octets.data(), exported, label.data(), label.size(), nullptr, 0,
                                       0) == 1)
            out.tls_exporter = text(exported);
        return out;
    }
    // The first Finished message: ours, as nothing is resumed here (RFC 5929 section 3).
    if (SSL_session_reused(ssl) == 0)
        out.tls_unique = text(SSL_get_finished(ssl, octets.data(), octets.size()));
    return out;
}

void read_parameters(SSL* ssl, TlsFacts& facts) {
    facts.version = SSL_get_version(ssl);
    if (const SSL_CIPHER* cipher = SSL_get_current_cipher(ssl); cipher != nullptr) {
        facts.cipher = SSL_CIPHER_get_name(cipher);
        facts.cipher_bits = SSL_CIPHER_get_bits(cipher, nullptr);
    }
    EVP_PKEY* raw = nullptr;
    if (SSL_get_peer_tmp_key(ssl, &raw) == 1) {
        const KeyPtr key(raw);
        const int bits = EVP_PKEY_get_bits(key.get());
        switch (EVP_PKEY_get_base_id(key.get())) {
            case EVP_PKEY_X25519:
                facts.group = "X25519";
                break;
            case EVP_PKEY_X448:
                facts.group = "X448";
                break;
            case EVP_PKEY_DH:
                facts.group = "DH " + std::to_string(bits);
                break;
            default:
                facts.group = "P-" + std::to_string(bits);
                break;
        }
        if (EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_DH && bits < weak_dh_bits) {
            facts.weak = true;
            facts.weak_reason = "Diffie-Hellman group of " + std::to_string(bits) + " bits";
        }
    }
    ERR_clear_error();
    const unsigned char* alpn = nullptr;
    unsigned alpn_size = 0;
    SSL_get0_alpn_selected(ssl, &alpn, &alpn_size);
    if (alpn_size > 0) facts.alpn.assign(reinterpret_cast<const char*>(alpn), alpn_size);
    if (SSL_version(ssl) < TLS1_2_VERSION) {
        facts.weak = true;
        facts.weak_reason = facts.version + " only";
    }
}

void read_chain(const PresentedChain& presented, TlsFacts& facts) {
    facts.chain.reserve(presented.certificates.size());
    for (const auto& certificate : presented.certificates)
        facts.chain.push_back(*certificate);
    for (std::size_t i = 1; i < facts.chain.size(); ++i)
        facts.root_sent = facts.root_sent || (facts.chain[i].self_signed && facts.chain[i].is_ca);
    facts.verify_errors = presented.verdict->errors;
    facts.faults = presented.verdict->faults;
    facts.chain_in_order = presented.verdict->in_order;
}

void note_weak_certificates(TlsFacts& facts) {
    for (const ChainFault fault : facts.faults) {
        if (fault == ChainFault::weak_key)
            facts.weak_reason = "key too short (" + facts.chain.front().key + ")";
        if (fault == ChainFault::weak_signature)
            facts.weak_reason = "weak signature (" + facts.chain.front().signature + ")";
        facts.weak = facts.weak || fault == ChainFault::weak_key || fault == ChainFault::weak_signature;
    }
    if (facts.chain.front().key.starts_with("RSA") && facts.chain.front().key_bits < weak_rsa_bits) {
        facts.weak = true;
        facts.weak_reason = "key too short (" + facts.chain.front().key + ")";
    }
}

/// What to show of an answer that is not TLS: printable octets of its first lines.
std::string readable(const std::string& octets) {
    std::string text;
    for (const char c : octets) {
        if (c == '\r' || c == '\n') {
            if (!text.empty()) break;
            continue;
        }
        text += c >= ' ' && c <= '~' ? c : '?';
    }
    return text;
}

}  // namespace

struct Client::State {
    std::unique_ptr<ChainVerifier> verifier;
    SslCtxPtr context;
    std::once_flag once;
    SeenCertificates seen;
};

Client::Client(std::unique_ptr<State> state) : state_(std::move(state)) {}
Client::~Client() = default;

Result<std::shared_ptr<Client>> Client::create(ClientConfig config) {
    auto trust = TrustStore::open(config.ca_file);
    if (!trust) return std::unexpected(std::move(trust).error());
    auto state = std::make_unique<State>();
    state->verifier = std::make_unique<ChainVerifier>(std::move(*trust), config.chain_life);
    return std::shared_ptr<Client>(new Client(std::move(state)));
}

net::Upgrade Client::upgrade(HandshakeOptions options) {
    return
        [self = shared_from_this(), options = std::move(options)](net::StreamPtr plain, Deadline deadline) {
            return self->handshake(std::move(plain), options, deadline);
        };
}

Task<net::UpgradeResult> Client::handshake(net::StreamPtr plain, HandshakeOptions options,
                                           Deadline deadline) {
    std::call_once(state_->once, [this] { state_->context = make_context(); });
    net::UpgradeResult result;
    SslPtr ssl(SSL_new(state_->context.get()));
    if (!ssl) throw std::bad_alloc();
    configure(ssl.get(), options);
    auto stream = std::make_shared<TlsStream>(std::move(ssl), std::move(plain));
    result.facts.server_name = options.host.is_literal() ? "" : options.host.text();
    auto done = co_await stream->handshake(deadline.within(limits::handshake));
    result.facts.alert = stream->alert();
    if (!done) {
        result.failure = std::move(done).error();
        result.facts.error = result.failure->text;
        result.facts.text_answer = stream->peer_is_not_tls();
        if (result.facts.text_answer) result.facts.peer_text = readable(stream->first_octets());
        co_return result;
    }
    TlsFacts& facts = result.facts;
    facts.completed = true;
    facts.resumed = SSL_session_reused(stream->ssl()) != 0;
    if (options.keeper) stream->leave_session_to(options.keeper);
    read_parameters(stream->ssl(), facts);
    // Only a login wants them, and deriving them costs as much as a tenth of a handshake.
    result.bindings = [weak = std::weak_ptr(stream)] {
        const auto open = weak.lock();
        return open ? channel_bindings(*open) : net::ChannelBindings{};
    };
    STACK_OF(X509)* chain = SSL_get_peer_cert_chain(stream->ssl());
    if (chain != nullptr && sk_X509_num(chain) > 0) {
        const PresentedChain presented = state_->verifier->judge(chain);
        read_chain(presented, facts);
        if (!certificate_names(sk_X509_value(chain, 0), options.host))
            facts.faults.push_back(ChainFault::name_mismatch);
        state_->seen.keep(chain, facts.chain.front());
        facts.scts = facts.chain.front().scts;
        if (options.transparency) {
            const STACK_OF(SCT)* timestamps = SSL_get0_peer_scts(stream->ssl());
            facts.scts = timestamps == nullptr ? 0 : sk_SCT_num(timestamps);
        }
        facts.staple = stapled_status(stream->ssl(), state_->verifier->store(), chain);
        facts.revocation = facts.staple;
        if (facts.staple != Revocation::not_checked) facts.revocation_source = "staple";
        if (facts.staple == Revocation::revoked) facts.faults.push_back(ChainFault::revoked);
        std::ranges::sort(facts.faults);
        facts.faults.erase(std::ranges::unique(facts.faults).begin(), facts.faults.end());
        note_weak_certificates(facts);
        facts.verified = facts.faults.empty();
    }
    if (options.renegotiate && SSL_version(stream->ssl()) <= TLS1_2_VERSION) {
        auto again = co_await stream->renegotiate(deadline.within(renegotiation_limit));
        facts.renegotiated = again.has_value();
    }
    result.stream = std::move(stream);
    co_return result;
}

std::optional<RevocationQuestion> Client::revocation_question(const std::string& sha256) const {
    return state_->seen.question(sha256, state_->verifier->store());
}

std::uint64_t Client::verifications() const noexcept {
    return state_->verifier->verifications();
}

Revocation Client::read_ocsp(const std::string& sha256, std::string_view der) const {
    return state_->seen.read_ocsp(sha256, der, state_->verifier->store());
}

Revocation Client::read_crl(const std::string& sha256, std::string_view der) const {
    return state_->seen.read_crl(sha256, der, state_->verifier->store());
}

}  // namespace maildoctor::tls
