#include "core/tls/certificate.h"

#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>

#include "core/model/hex.h"
#include "core/tls/openssl_ptr.h"

namespace maildoctor::tls {
namespace {

constexpr std::size_t max_names =
    200;  // enough for any real certificate; bounds what a hostile one can make us keep

std::string digest(const void* data, std::size_t size) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned length = 0;
    if (EVP_Digest(data, size, out.data(), &length, EVP_sha256(), nullptr) != 1) return {};
    return {reinterpret_cast<const char*>(out.data()), length};
}

std::string asn1_text(const ASN1_STRING* value) {
    if (value == nullptr) return {};
    unsigned char* utf8 = nullptr;
    const int length = ASN1_STRING_to_UTF8(&utf8, value);
    if (length < 0) return {};
    std::string text(reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(length));
    OPENSSL_free(utf8);
    return text;
}

/// The common name, else the organisation, else the whole name on one line.
std::string short_name(const X509_NAME* name) {
    for (const int nid : {NID_commonName, NID_organizationName}) {
        const int at = X509_NAME_get_index_by_NID(name, nid, -1);
        if (at >= 0) return asn1_text(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
    }
    std::array<char, 256> line{};
    X509_NAME_oneline(name, line.data(), static_cast<int>(line.size()));
    return line.data();
}

std::int64_t unix_time(const ASN1_TIME* time) {
    std::tm parts{};
    if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return 0;
    int days = 0, seconds = 0;
    const Owned<ASN1_TIME, ASN1_TIME_free> epoch(ASN1_TIME_set(nullptr, 0));
    if (ASN1_TIME_diff(&days, &seconds, epoch.get(), time) != 1) return 0;
    return std::int64_t{days} * 86400 + seconds;
}

void read_names(X509* certificate, CertificateFacts& facts) {
    const Owned<GENERAL_NAMES, GENERAL_NAMES_free> names(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    for (int i = 0; i < sk_GENERAL_NAME_num(names.get()) && facts.dns_names.size() < max_names; ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
        if (name->type == GEN_DNS) facts.dns_names.push_back(asn1_text(name->d.dNSName));
        if (name->type != GEN_IPADD) continue;
        const auto* bytes = ASN1_STRING_get0_data(name->d.iPAddress);
        const int length = ASN1_STRING_length(name->d.iPAddress);
        std::array<std::uint8_t, 16> raw{};
        if (length == 4)
            facts.ip_names.push_back(IpAddress::v4({bytes[0], bytes[1], bytes[2], bytes[3]}).text());
        if (length == 16) {
            std::copy_n(bytes, 16, raw.begin());
            facts.ip_names.push_back(IpAddress::v6(raw).text());
        }
    }
    if (!names && !facts.subject.empty()) facts.dns_names.push_back(facts.subject);
}

std::string key_name(const EVP_PKEY* key) {
    const int bits = EVP_PKEY_get_bits(key);
    switch (EVP_PKEY_get_base_id(key)) {
        case EVP_PKEY_RSA:
        case EVP_PKEY_RSA_PSS:
            return "RSA " + std::to_string(bits);
        case EVP_PKEY_DSA:
            return "DSA " + std::to_string(bits);
        case EVP_PKEY_ED25519:
            return "Ed25519";
        case EVP_PKEY_ED448:
            return "Ed448";
        default:
            break;
    }
    std::array<char, 64> group{};
    std::size_t length = 0;
    if (EVP_PKEY_get_group_name(key, group.data(), group.size(), &length) == 1) {
        const std::string_view name(group.data(), length);
        if (name == "prime256v1") return "EC P-256";
        if (name == "secp384r1") return "EC P-384";
        if (name == "secp521r1") return "EC P-521";
        return "EC " + std::string(name);
    }
    return "unknown, " + std::to_string(bits) + " bits";
}

/// The first caIssuers and OCSP addresses of the authorityInfoAccess extension.
void read_authority_access(X509* certificate, CertificateFacts& facts) {
    const Owned<AUTHORITY_INFO_ACCESS, AUTHORITY_INFO_ACCESS_free> access(static_cast<AUTHORITY_INFO_ACCESS*>(
        X509_get_ext_d2i(certificate, NID_info_access, nullptr, nullptr)));
    for (int i = 0; i < sk_ACCESS_DESCRIPTION_num(access.get()); ++i) {
        const ACCESS_DESCRIPTION* entry = sk_ACCESS_DESCRIPTION_value(access.get(), i);
        if (entry->location->type != GEN_URI) continue;
        const int method = OBJ_obj2nid(entry->method);
        std::string& url = method == NID_ad_ca_issuers ? facts.ca_issuers_url : facts.ocsp_url;
        if ((method == NID_ad_ca_issuers || method == NID_ad_OCSP) && url.empty())
            url = asn1_text(entry->location->d.uniformResourceIdentifier);
    }
}

std::string serial_text(X509* certificate) {
    const BignumPtr number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
    if (!number) return {};
    char* text = BN_bn2hex(number.get());
    std::string serial = text == nullptr ? "" : text;
    OPENSSL_free(text);
    return serial;
}

}  // namespace

std::string fingerprint(X509* certificate) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned length = 0;
    if (X509_digest(certificate, EVP_sha256(), out.data(), &length) != 1) return {};
    return {reinterpret_cast<const char*>(out.data()), length};
}

CertificateFacts certificate_facts(X509* certificate) {
    CertificateFacts facts;
    facts.subject = short_name(X509_get_subject_name(certificate));
    facts.issuer = short_name(X509_get_issuer_name(certificate));
    read_names(certificate, facts);
    facts.not_before = unix_time(X509_get0_notBefore(certificate));
    facts.not_after = unix_time(X509_get0_notAfter(certificate));
    if (const EVP_PKEY* key = X509_get0_pubkey(certificate); key != nullptr) {
        facts.key = key_name(key);
        facts.key_bits = EVP_PKEY_get_bits(key);
    }
    if (const int nid = X509_get_signature_nid(certificate); nid != NID_undef)
        facts.signature = OBJ_nid2ln(nid);
    facts.is_ca = X509_check_ca(certificate) > 0;
    facts.self_signed =
        X509_NAME_cmp(X509_get_subject_name(certificate), X509_get_issuer_name(certificate)) == 0;
    facts.sha256 = hex(fingerprint(certificate));
    unsigned char* spki = nullptr;
    const int spki_size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &spki);
    if (spki_size > 0) facts.spki_sha256 = hex(digest(spki, static_cast<std::size_t>(spki_size)));
    OPENSSL_free(spki);
    facts.serial = serial_text(certificate);
    unsigned char* der = nullptr;
    const int der_size = i2d_X509(certificate, &der);
    if (der_size > 0)
        facts.der.assign(reinterpret_cast<const char*>(der), static_cast<std::size_t>(der_size));
    OPENSSL_free(der);
    read_authority_access(certificate, facts);
    return facts;
}

bool certificate_names(X509* certificate, const HostName& host) {
    if (host.is_literal()) return X509_check_ip_asc(certificate, host.text().c_str(), 0) == 1;
    constexpr unsigned flags = X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS;
    return X509_check_host(certificate, host.text().c_str(), host.text().size(), flags, nullptr) == 1;
}

}  // namespace maildoctor::tls
