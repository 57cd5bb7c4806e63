// Owners of OpenSSL's objects, free of cost. For the .cpp files of this room only.
#pragma once

#include <openssl/ocsp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <string>

#include "core/model/owned.h"

namespace maildoctor::tls {

using SslCtxPtr = Owned<SSL_CTX, SSL_CTX_free>;
using SslPtr = Owned<SSL, SSL_free>;
using X509Ptr = Owned<X509, X509_free>;
using StorePtr = Owned<X509_STORE, X509_STORE_free>;
using StoreCtxPtr = Owned<X509_STORE_CTX, X509_STORE_CTX_free>;
using BignumPtr = Owned<BIGNUM, BN_free>;
using BioPtr = Owned<BIO, BIO_free_all>;
using KeyPtr = Owned<EVP_PKEY, EVP_PKEY_free>;
using SessionPtr = Owned<SSL_SESSION, SSL_SESSION_free>;
using CrlPtr = Owned<X509_CRL, X509_CRL_free>;
using OcspRequestPtr = Owned<OCSP_REQUEST, OCSP_REQUEST_free>;
using OcspResponsePtr = Owned<OCSP_RESPONSE, OCSP_RESPONSE_free>;
using OcspBasicPtr = Owned<OCSP_BASICRESP, OCSP_BASICRESP_free>;
using OcspIdPtr = Owned<OCSP_CERTID, OCSP_CERTID_free>;
static_assert(sizeof(SslPtr) == sizeof(SSL*));

/// Empties this thread's OpenSSL error queue, oldest first, as one line. Call it right after the call that
/// failed.
std::string drain_errors();

}  // namespace maildoctor::tls
