#include "core/tls/trust_store.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <array>
#include <cstdlib>

#include "core/tls/lean_library.h"

namespace maildoctor::tls {
namespace {

const char* environment_or(const char* name, const char* otherwise) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): read once at the start of a run
    return value != nullptr && *value != '\0' ? value : otherwise;
}

std::string organisation(const X509_NAME* name) {
    std::array<char, 200> text{};
    const int length =
        X509_NAME_get_text_by_NID(name, NID_organizationName, text.data(), static_cast<int>(text.size()));
    return length > 0 ? std::string(text.data(), static_cast<std::size_t>(length)) : std::string{};
}

/// Adds every certificate of a PEM file. @return how many there were
std::size_t add_file(X509_STORE* store, const std::string& path, std::vector<X509Ptr>& kept) {
    const BioPtr file(BIO_new_file(path.c_str(), "r"));
    if (!file) return 0;
    std::size_t count = 0;
    while (true) {
        X509* certificate = X509_new_ex(lean_library(), nullptr);
        if (PEM_read_bio_X509(file.get(), &certificate, nullptr, nullptr) == nullptr) {
            X509_free(certificate);
            break;
        }
        X509_STORE_add_cert(store, certificate);
        kept.emplace_back(certificate);
        ++count;
    }
    ERR_clear_error();  // the end of the file is an error to PEM_read_bio_X509
    return count;
}

}  // namespace

std::string drain_errors() {
    std::string all;
    while (const unsigned long code = ERR_get_error()) {
        const char* reason = ERR_reason_error_string(code);
        if (!all.empty()) all += "; ";
        all += reason != nullptr ? reason : "error " + std::to_string(code);
    }
    return all;
}

Result<std::unique_ptr<TrustStore>> TrustStore::open(const std::string& ca_file) {
    auto trust = std::make_unique<TrustStore>();
    trust->store_.reset(X509_STORE_new());
    X509_STORE* const store = trust->store_.get();
    if (store == nullptr) throw std::bad_alloc();
    if (!ca_file.empty()) {
        if (add_file(store, ca_file, trust->own_) == 0)
            return failed(Stage::local, FailureKind::not_possible,
                          "'" + ca_file + "' cannot be read or holds no PEM certificate");
        return trust;
    }
    const char* bundle = environment_or(X509_get_default_cert_file_env(), nullptr);
    if (bundle != nullptr) add_file(store, bundle, trust->own_);
    X509_LOOKUP* directory = X509_STORE_add_lookup(store, X509_LOOKUP_hash_dir());
    if (directory == nullptr) throw std::bad_alloc();
    X509_LOOKUP_add_dir(directory,
                        environment_or(X509_get_default_cert_dir_env(), X509_get_default_cert_dir()),
                        X509_FILETYPE_PEM);
    return trust;
}

bool TrustStore::knows_organisation_of(const X509_NAME* name) const {
    const std::string wanted = organisation(name);
    if (wanted.empty()) return false;
    for (const X509Ptr& authority : own_) {
        if (organisation(X509_get_subject_name(authority.get())) == wanted) return true;
    }
    return false;
}

}  // namespace maildoctor::tls
