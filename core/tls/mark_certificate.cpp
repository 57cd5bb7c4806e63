#include "core/tls/mark_certificate.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <array>
#include <vector>

#include "core/tls/certificate.h"
#include "core/tls/openssl_ptr.h"

namespace maildoctor::tls {
namespace {

using ObjectPtr = Owned<ASN1_OBJECT, ASN1_OBJECT_free>;

constexpr std::size_t most_certificates = 10;
constexpr const char* logo_usage = "1.3.6.1.5.5.7.3.31";
constexpr const char* logo_extension = "1.3.6.1.5.5.7.1.12";
constexpr const char* mark_type_attribute = "1.3.6.1.4.1.53087.1.13";

std::vector<X509Ptr> read_all(std::string_view pem) {
    std::vector<X509Ptr> all;
    const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    while (bio && all.size() < most_certificates) {
        X509Ptr one(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
        if (!one) break;
        all.push_back(std::move(one));
    }
    ERR_clear_error();
    return all;
}

bool is_for_logos(X509* certificate) {
    const Owned<EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free> usages(
        static_cast<EXTENDED_KEY_USAGE*>(X509_get_ext_d2i(certificate, NID_ext_key_usage, nullptr, nullptr)));
    const ObjectPtr wanted(OBJ_txt2obj(logo_usage, 1));
    for (int i = 0; i < sk_ASN1_OBJECT_num(usages.get()); ++i)
        if (OBJ_cmp(sk_ASN1_OBJECT_value(usages.get(), i), wanted.get()) == 0) return true;
    return false;
}

bool holds_logo(const X509* certificate) {
    const ObjectPtr wanted(OBJ_txt2obj(logo_extension, 1));
    return X509_get_ext_by_OBJ(certificate, wanted.get(), -1) >= 0;
}

std::string mark_type_of(const X509* certificate) {
    const ObjectPtr wanted(OBJ_txt2obj(mark_type_attribute, 1));
    const X509_NAME* subject = X509_get_subject_name(certificate);
    const int at = X509_NAME_get_index_by_OBJ(subject, wanted.get(), -1);
    if (at < 0) return {};
    unsigned char* utf8 = nullptr;
    const int size = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
    if (size < 0) return {};
    std::string text(reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(size));
    OPENSSL_free(utf8);
    return text;
}

}  // namespace

std::optional<MarkCertificate> read_mark_certificate(std::string_view pem) {
    constexpr std::size_t most_octets = 1U << 20U;
    const std::vector<X509Ptr> all = read_all(pem.substr(0, most_octets));
    if (all.empty()) return std::nullopt;
    X509* const leaf = all.front().get();
    MarkCertificate mark{.leaf = certificate_facts(leaf),
                         .certificates = all.size(),
                         .for_logos = is_for_logos(leaf),
                         .has_logo = holds_logo(leaf),
                         .mark_type = mark_type_of(leaf)};
    for (std::size_t i = 0; i + 1 < all.size(); ++i) {
        EVP_PKEY* const key = X509_get0_pubkey(all[i + 1].get());
        mark.chained = mark.chained && key != nullptr && X509_verify(all[i].get(), key) == 1;
    }
    ERR_clear_error();
    return mark;
}

}  // namespace maildoctor::tls
