#include "core/tls/public_key.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "core/tls/openssl_ptr.h"

namespace maildoctor::tls {
namespace {

constexpr std::size_t longest = 8192;  // octets: four times the largest RSA key that anybody uses

}  // namespace

std::optional<PublicKey> read_public_key(std::string_view der) {
    if (der.empty() || der.size() > longest) return std::nullopt;
    const auto* begin = reinterpret_cast<const unsigned char*>(der.data());
    const auto size = static_cast<long>(der.size());
    const unsigned char* at = begin;
    KeyPtr key(d2i_PUBKEY(nullptr, &at, size));
    if (!key) {
        at = begin;
        key.reset(d2i_PublicKey(EVP_PKEY_RSA, nullptr, &at, size));
    }
    ERR_clear_error();
    if (!key || at != begin + size) return std::nullopt;
    PublicKey read{.type = "other", .bits = EVP_PKEY_get_bits(key.get())};
    switch (EVP_PKEY_get_base_id(key.get())) {
        case EVP_PKEY_RSA:
            read.type = "rsa";
            break;
        case EVP_PKEY_ED25519:
            read.type = "ed25519";
            break;
        case EVP_PKEY_EC:
            read.type = "ec";
            break;
        default:
            break;
    }
    return read;
}

}  // namespace maildoctor::tls
