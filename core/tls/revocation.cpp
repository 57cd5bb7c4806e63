#include "core/tls/revocation.h"

#include <openssl/err.h>
#include <openssl/ocsp.h>

#include <utility>

#include "core/tls/certificate.h"
#include "core/tls/session_keeper.h"
#include "core/tls/staple.h"

namespace maildoctor::tls {
namespace {

constexpr std::size_t most_chains = 500;

/// The issuer out of the trust store, for a server that does not send it.
X509Ptr issuer_in_store(X509* leaf, X509_STORE* store) {
    const StoreCtxPtr context(X509_STORE_CTX_new());
    X509* issuer = nullptr;
    if (context && X509_STORE_CTX_init(context.get(), store, leaf, nullptr) == 1 &&
        X509_STORE_CTX_get1_issuer(&issuer, context.get(), leaf) != 1)
        issuer = nullptr;
    ERR_clear_error();
    return X509Ptr(issuer);
}

std::string ocsp_request(X509* leaf, X509* issuer) {
    const OcspRequestPtr request(OCSP_REQUEST_new());
    OCSP_CERTID* id = OCSP_cert_to_id(nullptr, leaf, issuer);
    if (!request || id == nullptr || OCSP_request_add0_id(request.get(), id) == nullptr) {
        OCSP_CERTID_free(id);
        ERR_clear_error();
        return {};
    }
    unsigned char* der = nullptr;
    const int size = i2d_OCSP_REQUEST(request.get(), &der);
    std::string bytes;
    if (size > 0) bytes.assign(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return bytes;
}

bool is_current(const X509_CRL* list) {
    const ASN1_TIME *begin = X509_CRL_get0_lastUpdate(list), *end = X509_CRL_get0_nextUpdate(list);
    return begin != nullptr && X509_cmp_current_time(begin) < 0 && end != nullptr &&
           X509_cmp_current_time(end) > 0;
}

}  // namespace

std::shared_ptr<SessionKeeper> make_session_keeper() {
    return std::make_shared<SessionKeeper>();
}

bool keeps_ticket(const SessionKeeper& keeper) noexcept {
    return keeper.has_ticket();
}

void SeenCertificates::keep(STACK_OF(X509) * chain, const CertificateFacts& leaf) {
    if (leaf.ocsp_url.empty() && leaf.crl_url.empty()) return;
    const std::lock_guard<std::mutex> lock(guard_);
    if (chains_.size() >= most_chains) chains_.clear();
    if (!chains_.contains(leaf.sha256)) chains_.emplace(leaf.sha256, Chain(X509_chain_up_ref(chain)));
}

std::optional<SeenCertificates::Pair> SeenCertificates::find(const std::string& sha256,
                                                             X509_STORE* store) const {
    Pair pair;
    {
        const std::lock_guard<std::mutex> lock(guard_);
        const auto known = chains_.find(sha256);
        if (known == chains_.end()) return std::nullopt;
        pair.chain.reset(X509_chain_up_ref(known->second.get()));
    }
    X509* leaf = sk_X509_value(pair.chain.get(), 0);
    X509_up_ref(leaf);
    pair.leaf.reset(leaf);
    if (X509* issuer = issuer_of(leaf, pair.chain.get()); issuer != nullptr) {
        X509_up_ref(issuer);
        pair.issuer.reset(issuer);
    } else {
        pair.issuer = issuer_in_store(leaf, store);
    }
    if (!pair.issuer) return std::nullopt;
    return pair;
}

std::optional<RevocationQuestion> SeenCertificates::question(const std::string& sha256,
                                                             X509_STORE* store) const {
    const auto pair = find(sha256, store);
    if (!pair) return std::nullopt;
    const CertificateFacts facts = certificate_facts(pair->leaf.get());
    RevocationQuestion question{.ocsp_url = facts.ocsp_url, .crl_url = facts.crl_url};
    if (!question.ocsp_url.empty())
        question.ocsp_request = ocsp_request(pair->leaf.get(), pair->issuer.get());
    return question;
}

Revocation SeenCertificates::read_ocsp(const std::string& sha256, std::string_view der,
                                       X509_STORE* store) const {
    const auto pair = find(sha256, store);
    if (!pair) return Revocation::unknown;
    return ocsp_status(der, pair->leaf.get(), pair->issuer.get(), store, pair->chain.get());
}

Revocation SeenCertificates::read_crl(const std::string& sha256, std::string_view der,
                                      X509_STORE* store) const {
    const auto pair = find(sha256, store);
    if (!pair) return Revocation::unknown;
    const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
    const CrlPtr list(d2i_X509_CRL(nullptr, &bytes, static_cast<long>(der.size())));
    const bool trusted = list && X509_CRL_verify(list.get(), X509_get0_pubkey(pair->issuer.get())) == 1 &&
                         is_current(list.get());
    X509_REVOKED* entry = nullptr;
    Revocation result = Revocation::unknown;
    if (trusted)
        result = X509_CRL_get0_by_cert(list.get(), &entry, pair->leaf.get()) == 1 ? Revocation::revoked
                                                                                  : Revocation::good;
    ERR_clear_error();
    return result;
}

}  // namespace maildoctor::tls
