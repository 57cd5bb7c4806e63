#include "tests/tls/pki.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <filesystem>
#include <stdexcept>

namespace maildoctor::testing {
namespace {

void need(bool ok, const char* what) {
    if (!ok) throw std::runtime_error(what);
}

Key make_key(int rsa_bits) {
    EVP_PKEY* key = rsa_bits > 0 ? EVP_RSA_gen(static_cast<unsigned>(rsa_bits)) : EVP_EC_gen("P-256");
    need(key != nullptr, "no key");
    return {key, EVP_PKEY_free};
}

void add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    need(extension != nullptr, "no extension");
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

/// Feeds what the client writes to an OpenSSL server and gives what the server writes back.
class ServerEnd final : public net::Stream {
public:
    explicit ServerEnd(const ServerConfig& config) : plain_(config.plain_answer) {
        if (!plain_.empty()) return;
        SSL_CTX* context = SSL_CTX_new(TLS_server_method());
        SSL_CTX_set_security_level(context, 0);
        SSL_CTX_set_min_proto_version(context, config.min_version);
        SSL_CTX_set_max_proto_version(context, config.max_version);
        SSL_CTX_set_cipher_list(context, config.ciphers.empty() ? "ALL:@SECLEVEL=0" : config.ciphers.c_str());
        need(SSL_CTX_use_certificate(context, config.leaf.certificate.get()) == 1, "certificate");
        need(SSL_CTX_use_PrivateKey(context, config.leaf.key.get()) == 1, "key");
        for (const Certificate& link : config.chain)
            SSL_CTX_add1_chain_cert(context, link.get());
        SSL_CTX_set_num_tickets(context, 0);
        SSL_CTX_set_mode(context, SSL_MODE_NO_AUTO_CHAIN);
        ssl_ = SSL_new(context);
        SSL_CTX_free(context);
        SSL_set_bio(ssl_, in_ = BIO_new(BIO_s_mem()), out_ = BIO_new(BIO_s_mem()));
        SSL_set_accept_state(ssl_);
    }
    ~ServerEnd() override { SSL_free(ssl_); }

    Task<Result<std::string>> read_some(std::size_t limit, Deadline) override {
        if (!plain_.empty()) co_return std::exchange(plain_, {});
        if (ssl_ == nullptr) co_return std::string{};
        std::string bytes(limit, '\0');
        const int size = BIO_read(out_, bytes.data(), static_cast<int>(limit));
        bytes.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
        co_return bytes;
    }
    Task<Result<void>> write(std::string bytes, Deadline) override {
        if (ssl_ != nullptr) {
            BIO_write(in_, bytes.data(), static_cast<int>(bytes.size()));
            serve();
        }
        co_return Result<void>{};
    }
    void close() noexcept override {}

private:
    /// Goes on with the handshake, then echoes.
    void serve() {
        if (SSL_is_init_finished(ssl_) == 0 && SSL_do_handshake(ssl_) != 1) {
            ERR_clear_error();
            return;
        }
        std::string buffer(4096, '\0');
        int size = 0;
        while ((size = SSL_read(ssl_, buffer.data(), static_cast<int>(buffer.size()))) > 0)
            SSL_write(ssl_, buffer.data(), size);
        ERR_clear_error();
    }

    std::string plain_;
    SSL* ssl_{};
    BIO* in_{};
    BIO* out_{};
};

}  // namespace

Identity make_identity(const Wish& wish, const Identity* issuer) {
    static long serial = 1;
    Identity made{.certificate = {X509_new(), X509_free}, .key = make_key(wish.rsa_bits)};
    X509* const x = made.certificate.get();
    X509* const by = issuer == nullptr ? x : issuer->certificate.get();
    X509_set_version(x, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(x), wish.from_days * 86400);
    X509_gmtime_adj(X509_getm_notAfter(x), wish.to_days * 86400);
    X509_set_pubkey(x, made.key.get());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(wish.name.c_str()), -1, -1, 0);
    X509_set_issuer_name(x, X509_get_subject_name(by));
    add_extension(x, by, NID_basic_constraints, wish.ca ? "critical,CA:TRUE" : "CA:FALSE");
    std::string names;
    for (const std::string& name : wish.dns)
        names += (names.empty() ? "" : ",") + (IpAddress::from(name) ? "IP:" + name : "DNS:" + name);
    if (!names.empty()) add_extension(x, by, NID_subject_alt_name, names);
    need(X509_sign(x, issuer == nullptr ? made.key.get() : issuer->key.get(),
                   wish.digest == nullptr ? EVP_sha256() : wish.digest) > 0,
         "sign");
    return made;
}

std::string write_pem(const std::string& name, const std::vector<Certificate>& certificates) {
    const std::string path =
        (std::filesystem::temp_directory_path() / ("maildoctor-tls-test-" + name + ".pem")).string();
    BIO* file = BIO_new_file(path.c_str(), "w");
    need(file != nullptr, "no file");
    for (const Certificate& certificate : certificates)
        PEM_write_bio_X509(file, certificate.get());
    BIO_free(file);
    return path;
}

net::StreamPtr connect_to(const ServerConfig& config) {
    return std::make_shared<ServerEnd>(config);
}

}  // namespace maildoctor::testing
