#include "core/tls/staple.h"

#include <openssl/err.h>

#include "core/tls/openssl_ptr.h"

namespace maildoctor::tls {
namespace {

constexpr long clock_tolerance = 300;  // seconds

Revocation status_of(OCSP_BASICRESP* answer, X509* leaf, X509* issuer) {
    const OcspIdPtr id(OCSP_cert_to_id(nullptr, leaf, issuer));
    int status = V_OCSP_CERTSTATUS_UNKNOWN;
    int reason = 0;
    ASN1_GENERALIZEDTIME *revoked_at = nullptr, *this_update = nullptr, *next_update = nullptr;
    if (!id || OCSP_resp_find_status(answer, id.get(), &status, &reason, &revoked_at, &this_update,
                                     &next_update) != 1)
        return Revocation::unknown;
    if (OCSP_check_validity(this_update, next_update, clock_tolerance, -1) != 1) return Revocation::unknown;
    if (status == V_OCSP_CERTSTATUS_GOOD) return Revocation::good;
    return status == V_OCSP_CERTSTATUS_REVOKED ? Revocation::revoked : Revocation::unknown;
}

}  // namespace

X509* issuer_of(X509* certificate, STACK_OF(X509) * chain) {
    for (int i = 0; i < sk_X509_num(chain); ++i) {
        X509* candidate = sk_X509_value(chain, i);
        if (candidate != certificate && X509_check_issued(candidate, certificate) == X509_V_OK)
            return candidate;
    }
    return nullptr;
}

Revocation ocsp_status(std::string_view der, X509* leaf, X509* issuer, X509_STORE* store,
                       STACK_OF(X509) * chain) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
    const OcspResponsePtr response(d2i_OCSP_RESPONSE(nullptr, &bytes, static_cast<long>(der.size())));
    Revocation result = Revocation::unknown;
    if (response && OCSP_response_status(response.get()) == OCSP_RESPONSE_STATUS_SUCCESSFUL) {
        const OcspBasicPtr answer(OCSP_response_get1_basic(response.get()));
        if (answer && issuer != nullptr && OCSP_basic_verify(answer.get(), chain, store, 0) == 1)
            result = status_of(answer.get(), leaf, issuer);
    }
    ERR_clear_error();
    return result;
}

Revocation stapled_status(SSL* ssl, X509_STORE* store, STACK_OF(X509) * chain) {
    const unsigned char* bytes = nullptr;
    const long size = SSL_get_tlsext_status_ocsp_resp(ssl, &bytes);
    if (bytes == nullptr || size <= 0 || sk_X509_num(chain) == 0) return Revocation::not_checked;
    X509* leaf = sk_X509_value(chain, 0);
    return ocsp_status({reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)}, leaf,
                       issuer_of(leaf, chain), store, chain);
}

}  // namespace maildoctor::tls
