#include "core/tls/dane.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <array>

#include "core/model/hex.h"
#include "core/tls/openssl_ptr.h"

namespace maildoctor::tls {
namespace {

struct StackFree {
    void operator()(STACK_OF(X509) * stack) const noexcept { sk_X509_pop_free(stack, X509_free); }
};
using ChainOwner = std::unique_ptr<STACK_OF(X509), StackFree>;

X509Ptr certificate_of(const std::string& der) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    X509Ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    ERR_clear_error();
    return certificate;
}

std::vector<unsigned char> octets_of(std::string_view hexadecimal) {
    const auto value = [](char c) {
        return static_cast<unsigned>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10) & 0xfU;
    };
    std::vector<unsigned char> octets;
    for (std::size_t i = 0; i + 1 < hexadecimal.size(); i += 2)
        octets.push_back(static_cast<unsigned char>(value(hexadecimal[i]) << 4U | value(hexadecimal[i + 1])));
    return octets;
}

/// OpenSSL keeps TLSA records in a connection: one that is never made.
SslPtr connection_with(SSL_CTX* context, const TlsaRecord& record, const std::vector<std::string>& names) {
    SslPtr connection(SSL_new(context));
    if (!connection || names.empty() || SSL_dane_enable(connection.get(), names.front().c_str()) != 1)
        return nullptr;
    for (std::size_t i = 1; i < names.size(); ++i)
        SSL_add1_host(connection.get(), names[i].c_str());
    const std::vector<unsigned char> data = octets_of(record.data);
    if (SSL_dane_tlsa_add(connection.get(), record.usage, record.selector, record.matching, data.data(),
                          data.size()) != 1)
        return nullptr;
    return connection;
}

}  // namespace

std::string tlsa_data(const std::string& der, std::uint8_t selector, std::uint8_t matching) {
    const X509Ptr certificate = certificate_of(der);
    if (!certificate || selector > 1 || matching > 2) return {};
    unsigned char* data = nullptr;
    const int size = selector == 0 ? i2d_X509(certificate.get(), &data)
                                   : i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate.get()), &data);
    if (size <= 0) return {};
    const std::unique_ptr<unsigned char, void (*)(unsigned char*)> owner(
        data, [](unsigned char* p) { OPENSSL_free(p); });
    if (matching == 0) return hex({reinterpret_cast<const char*>(data), static_cast<std::size_t>(size)});
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    const EVP_MD* kind = matching == 1 ? EVP_sha256() : EVP_sha512();
    if (EVP_Digest(data, static_cast<std::size_t>(size), digest.data(), &length, kind, nullptr) != 1)
        return {};
    return hex({reinterpret_cast<const char*>(digest.data()), length});
}

bool trust_anchor_vouches(const std::vector<std::string>& chain, const TlsaRecord& record,
                          const std::vector<std::string>& names, std::int64_t now, std::string& why) {
    const ChainOwner presented(sk_X509_new_null());
    for (const std::string& der : chain) {
        X509Ptr certificate = certificate_of(der);
        if (certificate) sk_X509_push(presented.get(), certificate.release());
    }
    const SslCtxPtr context(SSL_CTX_new(TLS_client_method()));
    if (!context || sk_X509_num(presented.get()) == 0 || SSL_CTX_dane_enable(context.get()) != 1)
        return false;
    const SslPtr connection = connection_with(context.get(), record, names);
    ERR_clear_error();
    if (!connection) return false;
    const StorePtr no_authorities(X509_STORE_new());
    const StoreCtxPtr verification(X509_STORE_CTX_new());
    if (!verification || X509_STORE_CTX_init(verification.get(), no_authorities.get(),
                                             sk_X509_value(presented.get(), 0), presented.get()) != 1)
        return false;
    X509_STORE_CTX_set_default(verification.get(), "ssl_server");
    X509_STORE_CTX_set0_dane(verification.get(), SSL_get0_dane(connection.get()));
    X509_VERIFY_PARAM* wanted = X509_STORE_CTX_get0_param(verification.get());
    X509_VERIFY_PARAM_set1(wanted, SSL_get0_param(connection.get()));
    X509_VERIFY_PARAM_set_time(wanted, static_cast<time_t>(now));
    const bool fits = X509_verify_cert(verification.get()) == 1;
    const int error = X509_STORE_CTX_get_error(verification.get());
    if (!fits && error != X509_V_ERR_DANE_NO_MATCH && error != X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY &&
        error != X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN && error != X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT &&
        error != X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE)
        why = X509_verify_cert_error_string(error);
    ERR_clear_error();
    return fits;
}

}  // namespace maildoctor::tls
